/**
 * Reads what `fail2ban-client banned` prints: a list, as Python writes one, with for each jail its addresses:
 * `[{'sshd': ['203.0.113.7', '2001:db8::7']}, {'recidive': []}]` (fail2ban-client(1)).
 */
import type { DocumentMeaning } from '../entry.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';

/** Undefined for a text that is no such list. */
export function parseFail2banBanned(text: string): DocumentMeaning | undefined {
  const found: DocumentMeaning[number][] = [];
  let jail: string | undefined;
  let depth = 0;
  for (const { mark, word } of tokensOf(text.trim())) {
    if (word !== undefined) {
      if (depth === JAIL_DEPTH) jail = word;
      else if (depth === ADDRESS_DEPTH) found.push({ meaning: meaningOf(word, jail), text: word });
      else return undefined;
    } else if (mark === undefined) return undefined;
    else if ('[{'.includes(mark)) {
      if (mark !== '[{['[depth]) return undefined;
      depth += 1;
    } else if (']}'.includes(mark)) {
      depth -= 1;
      if (mark !== ']}]'[depth]) return undefined;
    }
  }
  return depth === 0 ? found : undefined;
}

function meaningOf(word: string, jail: string | undefined): DocumentMeaning[number]['meaning'] {
  const range = parseRange(word);
  return range === undefined ? 'unread' : entryOf(range, { jail });
}

interface Token {
  /** One of `[ ] { } : ,`; neither it nor a word where it is no token. */
  readonly mark?: string | undefined;
  readonly word?: string | undefined;
}

function* tokensOf(text: string): Generator<Token> {
  const pattern = /\s*(?:([[\]{}:,])|'([^'\\]*)'|"([^"\\]*)")/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) {
      yield {};
      return;
    }
    yield { mark: match[1], word: match[2] ?? match[3] };
  }
}

/** Inside of the list and of a jail's braces. */
const JAIL_DEPTH = 2;
const ADDRESS_DEPTH = 3;
