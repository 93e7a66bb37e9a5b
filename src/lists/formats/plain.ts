/**
 * Reads a line of a plain list: an address, a network or a range, then perhaps a comment. So publish, among others,
 * Spamhaus (`1.10.16.0/20 ; SBL256894`, https://www.spamhaus.org/drop/drop.txt), FireHOL's netsets
 * (https://github.com/firehol/blocklist-ipsets), blocklist.de (https://www.blocklist.de/en/export.html), and ipsum,
 * which has a count behind a tab (https://github.com/stamparm/ipsum).
 */
import type { LineMeaning } from '../entry.ts';
import { decoded } from '../decoded.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';

/** Reads one line: `#` or `;` begin a comment. */
export function parsePlain(line: string): LineMeaning {
  const end = commentStart(line);
  const said = line.slice(0, end).trim();
  if (said === '') return 'nothing';
  const comment = line.slice(end + 1);
  const whole = parseRange(said);
  if (whole !== undefined) return comment === '' ? whole : entryOf(whole, { reason: decoded(comment) });
  return parseWords(said, comment);
}

function commentStart(line: string): number {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === HASH || code === SEMICOLON) return at;
  }
  return line.length;
}

/** A range and what else stands there, which may not be addresses: nobody can tell what those would mean. */
function parseWords(said: string, comment: string): LineMeaning {
  const blank = /[\t ]/.exec(said)?.index;
  if (blank === undefined) return 'unread';
  const rest = said.slice(blank).trim();
  const [second = ''] = rest.split(/[\t ]/, 1);
  const range = parseRange(said.slice(0, blank));
  if (range === undefined || parseRange(second) !== undefined) return 'unread';
  return entryOf(range, { reason: decoded(comment.trim() === '' ? rest : comment) });
}

const HASH = 35;
const SEMICOLON = 59;
