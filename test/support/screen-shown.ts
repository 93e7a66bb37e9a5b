/** What a terminal shows of what `banspool top` writes, as far as that knows to write at a place and to clear all. */

export class ScreenShown {
  readonly #lines: string[] = [];
  #row = 0;

  write(text: string): void {
    const parts = text.matchAll(/\u001b\[(\d+);1H|\u001b\[2J|\u001b\[[?0-9;]*[a-zA-Z]|([^\u001b]+)/g);
    for (const [whole, row, shown] of parts) {
      if (row !== undefined) {
        this.#row = Number(row) - 1;
        this.#lines[this.#row] = '';
      } else if (whole === '\u001b[2J') this.#lines.length = 0;
      else if (shown !== undefined) this.#lines[this.#row] = (this.#lines[this.#row] ?? '') + shown;
    }
  }

  get lines(): readonly string[] {
    return Array.from(this.#lines, (line: string | undefined) => line ?? '');
  }

  /** Without the blanks at the ends of lines. */
  get text(): string {
    return this.lines.map((line) => line.trimEnd()).join('\n');
  }
}
