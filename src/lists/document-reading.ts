/** Reads a list that is one text: it begins with `[`, and its end must be seen before it means anything. */
import type { DocumentMeaning, Entry } from './entry.ts';
import { parseCrowdsecAlerts } from './formats/crowdsec-alerts.ts';
import { parseFail2banBanned } from './formats/fail2ban-banned.ts';
import type { ReadingOptions } from './line-reading.ts';
import type { ListFormat } from './list-format.ts';
import type { Reader, Reading } from './list-reader.ts';
import { UnreadCounter } from './unread.ts';

export class DocumentReading implements Reader {
  readonly #format: ListFormat | undefined;
  readonly #takeEntry: (entry: Entry) => void;
  #chunks: Buffer[] = [];
  #length = 0;

  constructor({ format, takeEntry }: ReadingOptions) {
    this.#format = format;
    this.#takeEntry = takeEntry;
  }

  write(chunk: Buffer): void {
    // Of what is too long its beginning is enough.
    if (this.#length <= LONGEST_DOCUMENT) this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  end(): Reading {
    const text = Buffer.concat(this.#chunks);
    this.#chunks = [];
    const found = this.#length > LONGEST_DOCUMENT ? undefined : this.#parse(text.toString('utf8'));
    return found === undefined ? this.#unreadWhole(text) : this.#takeParts(found);
  }

  #parse(text: string): Found | undefined {
    for (const [format, parse] of DOCUMENTS) {
      const parts = this.#format === undefined || this.#format === format ? parse(text) : undefined;
      if (parts !== undefined) return { format, parts };
    }
    return undefined;
  }

  #unreadWhole(text: Buffer): Reading {
    const unread = new UnreadCounter();
    unread.add(1, text.toString('latin1', 0, SEEN_BYTES));
    return { format: this.#format, lines: 1, entries: 0, unread: unread.seen() };
  }

  #takeParts({ format, parts }: Found): Reading {
    const unread = new UnreadCounter();
    let entries = 0;
    for (const [index, { meaning, text }] of parts.entries()) {
      if (meaning === 'unread') unread.add(index + 1, Buffer.from(text).toString('latin1'));
      else if (meaning !== 'nothing') {
        entries += 1;
        this.#takeEntry(meaning);
      }
    }
    return { format, lines: parts.length, entries, unread: unread.seen() };
  }
}

interface Found {
  readonly format: ListFormat;
  readonly parts: DocumentMeaning;
}

/** In the order in which they are tried. */
const DOCUMENTS: readonly (readonly [ListFormat, (text: string) => DocumentMeaning | undefined])[] = [
  ['crowdsec', parseCrowdsecAlerts],
  ['fail2ban', parseFail2banBanned],
];

/** 16 MiB: forty thousand decisions of CrowdSec with all that they say. */
const LONGEST_DOCUMENT = 16 * 2 ** 20;

/** What may be shown of it. */
const SEEN_BYTES = 1_000;
