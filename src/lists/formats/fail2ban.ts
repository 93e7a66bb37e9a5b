/**
 * Reads a line of `fail2ban-client get JAIL banip --with-time`: an address, a tab, when it was banned, for how many
 * seconds, and when that ends, in the local time of its machine, which is taken to be this one's zone
 * (fail2ban-client(1); BanManager.getBanList of fail2ban writes it).
 */
import type { LineMeaning } from '../entry.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';

/** Reads one line. A ban without an end has -1 seconds. */
export function parseFail2ban(line: string): LineMeaning {
  if (line.trim() === '') return 'nothing';
  const match = WITH_TIME.exec(line);
  const range = parseRange(match?.[1] ?? '');
  if (match === null || range === undefined) return 'unread';
  const [seconds, end] = [Number(match[2]), match.slice(3).map(Number)];
  return entryOf(range, { until: seconds < 0 ? Infinity : localTime(end) });
}

const WITH_TIME =
  /^([0-9a-fA-F:.]{2,45}(?:\/\d{1,3})?)[ \t]+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+ (-?\d{1,12}) = (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;

function localTime([
  year = 0,
  month = 1,
  day = 1,
  hour = 0,
  minute = 0,
  second = 0,
]: readonly number[]): number {
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}
