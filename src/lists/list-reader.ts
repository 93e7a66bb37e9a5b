/**
 * Reads a list as its bytes come, in any of the formats, and hands on each entry. The format is told, or found by how
 * the list begins. Nothing of the list is kept, and no text makes it throw.
 */
import { DocumentReading } from './document-reading.ts';
import type { Entry } from './entry.ts';
import { LineReading } from './line-reading.ts';
import type { ListFormat } from './list-format.ts';
import type { UnreadLines } from './unread.ts';

interface ListReaderOptions {
  /** Of this format; else it is found. */
  readonly format?: ListFormat | undefined;
  readonly takeEntry: (entry: Entry) => void;
}

/** What was found while a list was read. */
export interface Reading {
  /**
   * Undefined where it was not told and no line is of any; or where a text that should be read as a whole is not one:
   * entries that were handed on do not count then.
   */
  readonly format: ListFormat | undefined;
  /** Lines in all; of a text that is a whole, its parts. */
  readonly lines: number;
  /** How many were handed on. */
  readonly entries: number;
  /** Lines that are not of the format; where that is undefined, all of them. */
  readonly unread: UnreadLines;
}

/** Reads a list of one kind. */
export interface Reader {
  write(chunk: Buffer): void;
  /** Reads what is left, and tells what was found. */
  end(): Reading;
}

export class ListReader implements Reader {
  readonly #options: ListReaderOptions;
  #start = Buffer.alloc(0);
  #reader: Reader | undefined;

  constructor(options: ListReaderOptions) {
    this.#options = options;
  }

  write(chunk: Buffer): void {
    if (this.#reader !== undefined) {
      this.#reader.write(chunk);
      return;
    }
    this.#start = Buffer.concat([this.#start, chunk]);
    const length = this.#start.length;
    if (length > MOST_BLANKS || (length >= BYTE_ORDER_MARK.length && firstCharacter(this.#start) !== ''))
      this.#begin();
  }

  end(): Reading {
    return (this.#reader ?? this.#begin()).end();
  }

  #begin(): Reader {
    const { format, takeEntry } = this.#options;
    const mayBeDocument = format === undefined || DOCUMENT_FORMATS.includes(format);
    const isDocument = firstCharacter(this.#start) === '[' && mayBeDocument;
    const reader = new (isDocument ? DocumentReading : LineReading)({ format, takeEntry });
    this.#reader = reader;
    reader.write(withoutMark(this.#start));
    this.#start = Buffer.alloc(0);
    return reader;
  }
}

/** The first that is no blank; empty where there is none. */
function firstCharacter(start: Buffer): string {
  return withoutMark(start).toString('latin1').trimStart().charAt(0);
}

/** Some editors mark UTF-8 at the start of a file. */
function withoutMark(start: Buffer): Buffer {
  const length = BYTE_ORDER_MARK.length;
  return start.subarray(0, length).equals(BYTE_ORDER_MARK) ? start.subarray(length) : start;
}

/** Formats that a text may have which begins with `[`. */
const DOCUMENT_FORMATS: readonly ListFormat[] = ['crowdsec', 'fail2ban'];

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

/** Ahead of the first character. */
const MOST_BLANKS = 65_536;
