/**
 * Reads a list as its bytes come, in any of the formats, and hands on each entry: nothing of the list is kept, and no
 * text makes it throw. The format is told, or found by the first lines.
 */
import type { Entry, LineParser } from './entry.ts';
import { openParser, type Format } from './formats/format.ts';
import { recognise } from './formats/recognise.ts';
import { LineSplitter } from './line-splitter.ts';
import { UnreadCounter, type UnreadLines } from './unread.ts';

interface ListReaderOptions {
  /** Of this format; else it is found. */
  readonly format?: Format | undefined;
  readonly takeEntry: (entry: Entry) => void;
}

/** What was found while a list was read. */
export interface Reading {
  /** Undefined where it was not told and nothing is of any format: no entry was handed on then. */
  readonly format: Format | undefined;
  /** Lines in all. */
  readonly lines: number;
  /** How many were handed on. */
  readonly entries: number;
  /** Of lines that are of no known form; where the format is undefined, the first lines. */
  readonly unread: UnreadLines;
}

export class ListReader {
  readonly #takeEntry: (entry: Entry) => void;
  readonly #splitter: LineSplitter;
  readonly #unread = new UnreadCounter();
  #format: Format | undefined;
  #parse: LineParser | undefined;
  /** The first lines, until the format is known. */
  #waiting: { readonly number: number; readonly line: string }[] = [];
  #isUnknown = false;
  #lines = 0;
  #entries = 0;

  constructor({ format, takeEntry }: ListReaderOptions) {
    this.#takeEntry = takeEntry;
    this.#format = format;
    this.#parse = format === undefined ? undefined : openParser(format);
    this.#splitter = new LineSplitter((line, isWhole) => {
      this.#take(line, isWhole);
    });
  }

  write(chunk: Buffer): void {
    this.#splitter.write(chunk);
  }

  /** Reads what is left, and tells what was found. */
  end(): Reading {
    this.#splitter.end();
    if (this.#parse === undefined) this.#recognise();
    return {
      format: this.#format,
      lines: this.#lines,
      entries: this.#entries,
      unread: this.#unread.seen(),
    };
  }

  #take(line: string, isWhole: boolean): void {
    this.#lines += 1;
    if (!isWhole || this.#isUnknown) this.#unread.add(this.#lines, line);
    else if (this.#parse !== undefined) this.#read(this.#parse, line, this.#lines);
    else {
      this.#waiting.push({ number: this.#lines, line });
      if (this.#waiting.length === FIRST_LINES) this.#recognise();
    }
  }

  #recognise(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#format = recognise(waiting.map(({ line }) => line));
    this.#isUnknown = this.#format === undefined;
    this.#parse = this.#format === undefined ? () => 'unread' : openParser(this.#format);
    for (const { number, line } of waiting) this.#read(this.#parse, line, number);
  }

  #read(parse: LineParser, line: string, number: number): void {
    const meaning = parse(line);
    if (meaning === 'unread') this.#unread.add(number, line);
    else if (meaning !== 'nothing') {
      this.#entries += 1;
      this.#takeEntry(meaning);
    }
  }
}

/** What is looked at to find the format: some lists begin with long comments. */
const FIRST_LINES = 500;
