/** Tells the story of the demo: numbered scenes, what came of each, and what programs say. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const INDENT = '   ';

/** Of the window that shows all of it without breaking a line. */
const WIDTH = 100;

export class Narrator {
  readonly #write: (text: string) => void;
  readonly #inColor: boolean;
  #scenes = 0;

  constructor(write: (text: string) => void, { inColor }: { readonly inColor: boolean }) {
    this.#write = write;
    this.#inColor = inColor;
  }

  title(text: string): void {
    this.#write(`\n${this.#paint('bold', text)}\n`);
  }

  /** Something that somebody does. */
  scene(text: string): void {
    this.#scenes += 1;
    this.#write(`\n${this.#paint('bold', `${this.#scenes}. ${text}`)}\n`);
  }

  /** What came of it; `{}` in the text stands for the time that took. */
  outcome(text: string, milliseconds = 0): void {
    const time = this.#paint('green', `${Math.round(milliseconds)} ms`);
    this.#write(`${INDENT}${text.replace('{}', time)}\n`);
  }

  /** A command and its output. */
  quote(command: string, lines: readonly string[]): void {
    const shown = lines.flatMap(folded).map((line) => `${INDENT}${line}`.trimEnd());
    this.#write(`\n${INDENT}${this.#paint('cyan', `$ ${command}`)}\n${shown.join('\n')}\n`);
  }

  gap(): void {
    this.#write('\n');
  }

  failure(text: string): void {
    this.#write(`\n${this.#paint('red', 'failed:')} ${text}\n`);
  }

  #paint(style: Style, text: string): string {
    return this.#inColor ? styleText(style, text) : text;
  }
}

/** As lines that are not too wide: what is too wide goes on below, further in, from after a comma if there is one. */
function folded(line: string): readonly string[] {
  const hanging = `${/^ */.exec(line)?.[0] ?? ''}    `;
  const lines = [];
  let rest = line;
  for (let end = breakOf(rest); end > hanging.length; end = breakOf(rest)) {
    lines.push(rest.slice(0, end).trimEnd());
    rest = `${hanging}${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}

/** Where a line that is too wide is broken, or -1. */
function breakOf(line: string): number {
  const room = WIDTH - INDENT.length;
  if (line.length <= room) return -1;
  const comma = line.lastIndexOf(', ', room - 1) + 1;
  return comma > room / 2 ? comma : line.lastIndexOf(' ', room);
}
