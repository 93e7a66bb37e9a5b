/** Counts the lines of a list that are not understood, and keeps the first few to be shown: a stranger wrote them. */
import { cut, printable } from '../domain/printable.ts';
import { decoded } from './decoded.ts';

export interface UnreadLines {
  readonly count: number;
  /** The first few. */
  readonly examples: readonly UnreadLine[];
}

interface UnreadLine {
  /** From 1. */
  readonly line: number;
  /** Printable, in one line, and cut. */
  readonly text: string;
}

export class UnreadCounter {
  #count = 0;
  readonly #examples: UnreadLine[] = [];

  add(line: number, text: string): void {
    this.#count += 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push({ line, text: sampleOf(text) });
  }

  seen(): UnreadLines {
    return { count: this.#count, examples: [...this.#examples] };
  }
}

/** A line of which each character is one byte, as a person may see it. */
function sampleOf(line: string): string {
  return cut(printable(decoded(line.slice(0, MOST_BYTES))), MOST_CHARACTERS).trim();
}

const MOST_EXAMPLES = 5;
const MOST_CHARACTERS = 60;

/** Four bytes are one character at the most. */
const MOST_BYTES = MOST_CHARACTERS * 4;
