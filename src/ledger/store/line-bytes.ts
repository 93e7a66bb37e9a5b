/**
 * One line of bytes, read from left to right without a copy of any of it: a hundred thousand are read at a start. What
 * is read is left behind.
 */
import { readUtc, UTC_FORM } from '../../yaml/time.ts';

const QUOTE = 34;
const ZERO = 48;

/** More digits may be no whole number any more. */
const MAX_DIGITS = 15;

export class LineBytes {
  readonly bytes: Buffer;
  /** Where it is read next. */
  at: number;
  readonly #end: number;

  /** The line between two places. */
  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.at = start;
    this.#end = end;
  }

  /** True where nothing is left. */
  get isOver(): boolean {
    return this.at === this.#end;
  }

  /** True where these bytes come next. */
  skip(literal: Uint8Array): boolean {
    const { bytes, at } = this;
    const { length } = literal;
    if (at + length > this.#end) return false;
    for (let index = 0; index < length; index += 1) if (bytes[at + index] !== literal[index]) return false;
    this.at = at + length;
    return true;
  }

  /** Goes behind the next quote, and returns where that stands; where there is none the line is spoilt. */
  toQuote(): number {
    const { bytes } = this;
    let at = this.at;
    while (at < this.#end && bytes[at] !== QUOTE) at += 1;
    this.at = at + 1;
    return at;
  }

  /** A time and the quote behind it; NaN where there is none. */
  time(): number {
    const behind = this.at + UTC_FORM.length;
    if (behind >= this.#end || this.bytes[behind] !== QUOTE) return NaN;
    const time = readUtc(this.bytes, this.at);
    this.at = behind + 1;
    return time;
  }

  /** Has nothing be read any more: what was read is not as it should be. */
  spoil(): void {
    this.at = this.#end + 1;
  }

  /** A whole number, not below nought, as JSON writes it; any other spoils the line. */
  number(): number | undefined {
    const start = this.at;
    let number = 0;
    for (; this.at < this.#end; this.at += 1) {
      const digit = (this.bytes[this.at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    const digits = this.at - start;
    const isLong = digits > 1 && this.bytes[start] === ZERO;
    if (digits > 0 && digits <= MAX_DIGITS && !isLong) return number;
    this.spoil();
    return undefined;
  }
}
