/**
 * Cuts a stream of bytes into lines, each byte as one character, so that a line is the same wherever the chunks are
 * cut. A line that is too long is not kept: its first part is handed on and it is said to be so.
 */

/** What a line of a list may have, in bytes; real ones have 300 at the most. */
export const LONGEST_LINE = 4_096;

type TakeLine = (line: string, isWhole: boolean) => void;

export class LineSplitter {
  readonly #take: TakeLine;
  /** What came since the last end of a line, up to LONGEST_LINE and a bit. */
  #rest = '';
  #isSkipping = false;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  write(chunk: Buffer): void {
    const text = chunk.toString('latin1');
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#takePart(text.slice(start, end));
      this.#endLine();
      start = end + 1;
    }
    this.#takePart(text.slice(start));
  }

  /** Takes what stands behind the last end of a line. */
  end(): void {
    if (this.#rest !== '') this.#endLine();
    this.#isSkipping = false;
  }

  #takePart(part: string): void {
    if (this.#isSkipping) return;
    this.#rest = this.#rest === '' ? part : this.#rest + part;
    if (this.#rest.length <= LONGEST_LINE) return;
    this.#take(this.#rest.slice(0, LONGEST_LINE), false);
    this.#rest = '';
    this.#isSkipping = true;
  }

  #endLine(): void {
    if (!this.#isSkipping) this.#take(this.#rest.endsWith('\r') ? this.#rest.slice(0, -1) : this.#rest, true);
    this.#rest = '';
    this.#isSkipping = false;
  }
}
