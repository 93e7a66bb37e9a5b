/**
 * Reads what `fail2ban-client banned` prints: a list, as Python writes one, with for each jail its addresses:
 * `[{'sshd': ['203.0.113.7', '2001:db8::7']}, {'recidive': []}]` (fail2ban-client(1)).
 */
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';
import type { DocumentParser, TakePart } from './document.ts';

/** A parser that hands on each address as it comes. */
export function openBannedParser(takePart: TakePart): DocumentParser {
  let [depth, isClosed] = [0, false];
  let jail: string | undefined;
  return {
    take: ({ kind, text, quote }) => {
      if (isClosed || kind === 'word' || quote === '"') return false;
      if (kind === 'string') {
        if (depth === JAIL_DEPTH) jail = text;
        else if (depth === ADDRESS_DEPTH) takeAddress(text, jail, takePart);
        return depth >= JAIL_DEPTH;
      }
      if (text === OPENING[depth]) depth += 1;
      else if (text === CLOSING[depth]) depth -= 1;
      else return depth > 0 && ':,'.includes(text);
      isClosed = depth === 0;
      return true;
    },
    isWhole: () => isClosed,
  };
}

function takeAddress(text: string, jail: string | undefined, takePart: TakePart): void {
  const range = parseRange(text);
  takePart(range === undefined ? 'unread' : entryOf(range, { jail }), text);
}

/** What begins one level more, and what ends the last one, by how many have begun: a list, a jail, its addresses. */
const OPENING = ['[', '{', '['];
const CLOSING = ['', ']', '}', ']'];
const JAIL_DEPTH = 2;
const ADDRESS_DEPTH = 3;
