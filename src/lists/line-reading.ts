/** Reads a list by lines; its format, where it is not told, is found by the first of them. */
import type { Entry, LineParser } from './entry.ts';
import { openParser } from './formats/open-parser.ts';
import { recognise } from './formats/recognise.ts';
import { LineSplitter } from './line-splitter.ts';
import type { ListFormat } from './list-format.ts';
import type { Reader, Reading } from './list-reader.ts';
import { UnreadCounter } from './unread.ts';

export interface ReadingOptions {
  readonly format: ListFormat | undefined;
  readonly takeEntry: (entry: Entry) => void;
}

export class LineReading implements Reader {
  readonly #takeEntry: (entry: Entry) => void;
  readonly #splitter = new LineSplitter((line, isWhole) => {
    this.#take(line, isWhole);
  });
  readonly #unread = new UnreadCounter();
  #format: ListFormat | undefined;
  #parse: LineParser | undefined;
  /** The first lines, until the format is known. */
  #waiting: { readonly number: number; readonly line: string }[] = [];
  #lines = 0;
  #entries = 0;

  constructor({ format, takeEntry }: ReadingOptions) {
    this.#takeEntry = takeEntry;
    this.#format = format;
    this.#parse = format === undefined ? undefined : openParser(format);
  }

  write(chunk: Buffer): void {
    this.#splitter.write(chunk);
  }

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
    if (!isWhole) this.#unread.add(this.#lines, line);
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
