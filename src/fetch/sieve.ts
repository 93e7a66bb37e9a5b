/**
 * Looks at a list while it comes. In: its pieces. Out: why it is none, as soon as that is seen. It is read as the
 * controller will read it, but only as far as its first entry: how many lines can be read is for who reads them all.
 */
import type { ListFormat } from '../lists/list-format.ts';
import { ListReader } from '../lists/list-reader.ts';
import type { FetchError } from './fetch-error.ts';

/** A page begins with this, maybe after a byte order mark, a comment, or what XML begins with. */
const HTML =
  /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--[^]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i;
const HTML_BYTES = 1024;

/** What no text has; but Ctrl-Z ends some of DOS. */
const BINARY = /[\x00-\x08\x0e-\x19\x1b-\x1f]/;

export class Sieve {
  #bytes = 0;
  #start = '';
  #hasEntry = false;
  readonly #reader: ListReader;

  /** Of a format; else it is found. */
  constructor(format: ListFormat | undefined) {
    const takeEntry = (): void => {
      this.#hasEntry = true;
    };
    this.#reader = new ListReader({ format, takeEntry });
  }

  /** Undefined while it may be a list. */
  take(piece: Uint8Array): FetchError | undefined {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const text = bytes.toString('latin1');
    this.#bytes += bytes.length;
    if (this.#start.length < HTML_BYTES) {
      this.#start = (this.#start + text).slice(0, HTML_BYTES);
      if (HTML.test(this.#start)) return { code: 'html' };
    }
    if (BINARY.test(text)) return { code: 'not-text' };
    if (!this.#hasEntry) this.#reader.write(bytes);
    return undefined;
  }

  /** Of the whole. */
  end(): FetchError | undefined {
    if (this.#bytes === 0) return { code: 'empty' };
    if (!this.#hasEntry) this.#reader.end();
    return this.#hasEntry ? undefined : { code: 'no-entry' };
  }
}
