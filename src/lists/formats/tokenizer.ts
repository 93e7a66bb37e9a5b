/**
 * Cuts a text of JSON, or of Python's lists, into its tokens as its bytes come, each byte as one character: no part of
 * the text is kept but the token that is being read, and of a long string its beginning.
 */

export interface Token {
  /** One of `[ ] { } : ,`, a string, or a word such as a number or `true`. */
  readonly kind: 'mark' | 'string' | 'word';
  readonly text: string;
  /** Of a string: what stands around it. */
  readonly quote?: string;
}

/** False where the text is none that it reads: no more is handed on then. */
export type TakeToken = (token: Token) => boolean;

export class Tokenizer {
  readonly #take: TakeToken;
  /** What stands around the string that is being read. */
  #quote: string | undefined;
  /** Of the string or word that is being read. */
  #text = '';
  #isEscaped = false;
  #isBroken = false;

  constructor(take: TakeToken) {
    this.#take = take;
  }

  write(text: string): void {
    let at = 0;
    while (at < text.length && !this.#isBroken)
      at = this.#quote === undefined ? this.#readOutside(text, at) : this.#readString(text, at);
  }

  /** Whether the text ended where one may, and was taken. */
  end(): boolean {
    this.#endWord();
    return !this.#isBroken && this.#quote === undefined;
  }

  #readOutside(text: string, at: number): number {
    const character = text.charAt(at);
    if (WORD.test(character)) {
      this.#text += character;
      this.#isBroken = this.#text.length > LONGEST_WORD;
    } else {
      this.#endWord();
      if (MARKS.includes(character)) this.#hand({ kind: 'mark', text: character });
      else if (QUOTES.includes(character)) this.#quote = character;
      else if (!BLANKS.includes(character)) this.#isBroken = true;
    }
    return at + 1;
  }

  #endWord(): void {
    const text = this.#text;
    if (text === '' || this.#quote !== undefined) return;
    this.#text = '';
    this.#hand({ kind: 'word', text });
  }

  /** Up to its end, or the next character that is escaped. */
  #readString(text: string, start: number): number {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      const character = text.charAt(start);
      this.#keep(ESCAPES[character] ?? character);
      return start + 1;
    }
    let at = start;
    while (at < text.length && text[at] !== this.#quote && text[at] !== '\\') at += 1;
    this.#keep(text.slice(start, at));
    if (at < text.length && text[at] === '\\') this.#isEscaped = true;
    else if (at < text.length) this.#endString();
    return at + 1;
  }

  #keep(part: string): void {
    this.#text += part.slice(0, LONGEST_STRING - this.#text.length);
  }

  #endString(): void {
    const [text, quote = ''] = [this.#text, this.#quote];
    [this.#text, this.#quote] = ['', undefined];
    this.#hand({ kind: 'string', text, quote });
  }

  #hand(token: Token): void {
    if (!this.#isBroken) this.#isBroken = !this.#take(token);
  }
}

const MARKS = '[]{}:,';
const QUOTES = `'"`;
const BLANKS = ' \t\r\n';
const WORD = /[\w.+-]/;

/** Those of a character by its number stay as they are written: no address and no name of a scenario has them. */
const ESCAPES: Readonly<Record<string, string>> = {
  n: ' ',
  r: ' ',
  t: ' ',
  b: ' ',
  f: ' ',
  u: '\\u',
  x: '\\x',
};

/** What is kept of a string: no address is longer, and of a reason that is enough. */
const LONGEST_STRING = 1_000;

/** Numbers have no more digits. */
const LONGEST_WORD = 64;
