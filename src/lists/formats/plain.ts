/**
 * Reads a line of a plain list: an address, a network or a range, then perhaps a comment. So publish, among others,
 * Spamhaus (`1.10.16.0/20 ; SBL256894`, https://www.spamhaus.org/drop/drop.txt), FireHOL's netsets
 * (https://github.com/firehol/blocklist-ipsets), blocklist.de, and ipsum, which has a count behind a tab
 * (https://github.com/stamparm/ipsum).
 */
import type { Entry, LineMeaning } from '../entry.ts';
import { parseRange, type Range } from '../range.ts';
import { decoded } from '../decoded.ts';

/** Reads one line: `#` or `;` begin a comment. */
export function parsePlain(line: string): LineMeaning {
  const end = commentStart(line);
  const said = line.slice(0, end).trim();
  if (said === '') return 'nothing';
  return entryOf(said, line.slice(end + 1));
}

function commentStart(line: string): number {
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (code === HASH || code === SEMICOLON) return at;
  }
  return line.length;
}

function entryOf(said: string, comment: string): LineMeaning {
  const whole = parseRange(said);
  if (whole !== undefined) return withReason(whole, comment);
  const blank = /[\t ]/.exec(said)?.index;
  if (blank === undefined) return 'unread';
  const [range, rest] = [parseRange(said.slice(0, blank)), said.slice(blank).trim()];
  // An address and a netmask, or two addresses: nobody can tell what is meant.
  if (
    range === undefined ||
    parseRange(rest.slice(0, MOST_OF_RANGE).split(/[\t ]/, 1)[0] ?? '') !== undefined
  )
    return 'unread';
  return withReason(range, comment.trim() === '' ? rest : comment);
}

function withReason(range: Range, comment: string): Entry {
  const reason = comment.trim();
  return reason === '' ? range : { ...range, details: { reason: decoded(reason) } };
}

const HASH = 35;
const SEMICOLON = 59;

/** Two IPv6 addresses and a dash are shorter. */
const MOST_OF_RANGE = 100;
