/**
 * Reads a line of csf.deny, the list of ConfigServer Security & Firewall: a plain line whose comment says who banned
 * and why. A line with `|` is a filter, which must name a port (readme.txt of csf, "Advanced Allow/Deny Filters"), and
 * `Include` names another file: neither bans an address, and neither is read.
 */
import type { LineMeaning } from '../entry.ts';
import { parsePlain } from './plain.ts';

/** Reads one line. */
export function parseCsf(line: string): LineMeaning {
  return isFilter(line) ? 'unread' : parsePlain(line);
}

/** Whether it is a filter of ports: `tcp|in|d=22|s=203.0.113.7`. */
function isFilter(line: string): boolean {
  const said = line.split('#', 1)[0] ?? '';
  return said.includes('|') && /[sdu]=/.test(said);
}

/** Whether only csf would write it: a filter, or a comment of its daemon or of its file's head. */
export function isOfCsf(line: string): boolean {
  return isFilter(line) || /# ?(?:lfd: |Manually denied)|^# DENY_IP_LIMIT/.test(line);
}
