/** Amounts and times in as few characters as a column has for them. */
import { numberText, type Zone } from '../domain/words.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `now`, `12 s`, `4 min`, `3 h`, `12 d`: how long that is, rounded down; a clock that was set back says `now`. */
export function shortSpan(ms: number): string {
  if (!(ms >= SECOND)) return 'now';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`;
}

/** The same of a time: seconds of hours would change all the while, and tell nobody anything. */
export function shortAgo(time: number, now: number): string {
  const text = shortSpan(now - time);
  return text === 'now' ? text : `${text} ago`;
}

/** `14:05:09`, on the clocks of the zone. */
export function clockText(time: number, zone: Zone): string {
  return localDigits(time, zone).slice('YYYY-MM-DDT'.length, -'.MSSZ'.length);
}

/** `14:05:09` of the same day, else `11-28 14:05`. */
export function momentText(time: number, now: number, zone: Zone): string {
  if (Number.isNaN(time)) return '?';
  const [digits, today] = [localDigits(time, zone), localDigits(now, zone)];
  const day = 'YYYY-MM-DD'.length;
  if (digits.slice(0, day) === today.slice(0, day)) return clockText(time, zone);
  return digits.slice('YYYY-'.length, 'YYYY-MM-DDTHH:MM'.length).replace('T', ' ');
}

function localDigits(time: number, zone: Zone): string {
  return new Date(time + zone(time).offset * MINUTE).toISOString();
}

/** Packets a second: `0`, `0.4`, `12`. */
export function rateText(rate: number): string {
  if (rate === 0) return '0';
  return rate < 9.95 ? Math.max(0.1, rate).toFixed(1) : numberText(Math.round(rate));
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `60 B`, `1.2 MB`. */
export function bytesText(bytes: number): string {
  let [amount, unit] = [bytes, 0];
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit === 0 || amount >= 99.95 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[unit] ?? ''}`;
}
