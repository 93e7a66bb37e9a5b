/**
 * Reads a line of DShield's list of nets: first address, last address, prefix, targets, name, country and contact,
 * parted by tabs, below a heading that is no comment (https://feeds.dshield.org/block.txt says so itself; terms and
 * more lists: https://www.dshield.org/xml.html).
 */
import { decoded } from '../decoded.ts';
import type { LineMeaning } from '../entry.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';

/** Reads one line; the prefix and what stands behind it may be absent. */
export function parseDshield(line: string): LineMeaning {
  if (line.trim() === '' || line.startsWith('#')) return 'nothing';
  if (isHeading(line)) return 'nothing';
  const [first = '', last = '', prefix = '', , name = '', country = ''] = line.split('\t', FIELDS);
  const range = parseRange(`${first.trim()}-${last.trim()}`);
  // Both ends are told, and the prefix: a line where they differ is damaged.
  const net = parseRange(`${first.trim()}/${prefix.trim()}`);
  if (range === undefined || (prefix !== '' && net?.last !== range.last)) return 'unread';
  return entryOf(range, { reason: decoded([name.trim(), country.trim()].filter(Boolean).join(', ')) });
}

function isHeading(line: string): boolean {
  return line.startsWith('Start\tEnd\t');
}

const FIELDS = 6;
