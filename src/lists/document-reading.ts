/**
 * Reads a list that is one text and begins with `[`, token by token. Only at its end is it known to be whole: where it
 * is not, its format is undefined, and what was handed on does not count.
 */
import type { Entry } from './entry.ts';
import { openAlertsParser } from './formats/crowdsec-alerts.ts';
import type { DocumentParser, TakePart } from './formats/document.ts';
import { openBannedParser } from './formats/fail2ban-banned.ts';
import { Tokenizer } from './formats/tokenizer.ts';
import type { ReadingOptions } from './line-reading.ts';
import type { ListFormat } from './list-format.ts';
import type { Reader, Reading } from './list-reader.ts';
import { UnreadCounter } from './unread.ts';

export class DocumentReading implements Reader {
  readonly #takeEntry: (entry: Entry) => void;
  readonly #unread = new UnreadCounter();
  /** Those that can read all that came; the first string leaves one of them at the most. */
  #candidates: readonly Candidate[];
  readonly #tokenizer = new Tokenizer((token) => {
    this.#candidates = this.#candidates.filter(({ parser }) => parser.take(token));
    return this.#candidates.length > 0;
  });
  #parts = 0;
  #entries = 0;
  /** What may be shown of it. */
  #start = '';

  constructor({ format, takeEntry }: ReadingOptions) {
    this.#takeEntry = takeEntry;
    const takePart: TakePart = (meaning, text) => {
      this.#parts += 1;
      if (meaning === 'unread') this.#unread.add(this.#parts, text);
      else if (meaning !== 'nothing') {
        this.#entries += 1;
        this.#takeEntry(meaning);
      }
    };
    const all: readonly Candidate[] = [
      { format: 'crowdsec', parser: openAlertsParser(takePart) },
      { format: 'fail2ban', parser: openBannedParser(takePart) },
    ];
    this.#candidates = all.filter((candidate) => format === undefined || candidate.format === format);
  }

  write(chunk: Buffer): void {
    const text = chunk.toString('latin1');
    if (this.#start.length < SHOWN_BYTES) this.#start += text.slice(0, SHOWN_BYTES);
    this.#tokenizer.write(text);
  }

  end(): Reading {
    const isClean = this.#tokenizer.end();
    const whole = this.#candidates.find(({ parser }) => isClean && parser.isWhole());
    if (whole === undefined) {
      const unread = new UnreadCounter();
      unread.add(1, this.#start);
      return { format: undefined, lines: 1, entries: 0, unread: unread.seen() };
    }
    return { format: whole.format, lines: this.#parts, entries: this.#entries, unread: this.#unread.seen() };
  }
}

interface Candidate {
  readonly format: ListFormat;
  readonly parser: DocumentParser;
}

const SHOWN_BYTES = 1_000;
