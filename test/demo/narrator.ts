/** Tells of the demo step by step, each with the time it took. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const TIME_WIDTH = 12;

export class Narrator {
  readonly #write: (text: string) => void;
  readonly #inColor: boolean;

  constructor(write: (text: string) => void, { inColor }: { readonly inColor: boolean }) {
    this.#write = write;
    this.#inColor = inColor;
  }

  title(text: string): void {
    this.#write(`\n${this.#paint('bold', text)}\n\n`);
  }

  /** Something that was done or found; `milliseconds` since what made it so. */
  step(text: string, milliseconds?: number): void {
    this.#line('green', milliseconds === undefined ? '' : `+ ${Math.round(milliseconds)} ms`, text);
  }

  failure(text: string): void {
    this.#line('red', 'failed', text);
  }

  /** The output of a program. */
  quote(command: string, lines: readonly string[]): void {
    const indent = ' '.repeat(TIME_WIDTH + 2);
    const dimmed = lines.map((line) => `${indent}${this.#paint('dim', line)}\n`);
    this.#write(`\n${indent}$ ${command}\n${dimmed.join('')}\n`);
  }

  #line(style: Style, left: string, text: string): void {
    const padding = ' '.repeat(Math.max(0, TIME_WIDTH - left.length));
    this.#write(`${padding}${this.#paint(style, left)}  ${text}\n`);
  }

  #paint(style: Style, text: string): string {
    return this.#inColor && text !== '' ? styleText(style, text) : text;
  }
}
