/** Times as people write them. Each is undefined when the text is none: Date.parse and ms take nearly anything. */
import ms, { type StringValue } from 'ms';

/** Milliseconds since 1970 of `2027-01-01T13:30:00Z`; the zone must be there. */
export function parseTime(text: string): number | undefined {
  return TIME.test(text) ? timeOf(text) : undefined;
}

/** `2027-01-01T13:30:00.000Z`, of milliseconds since 1970. */
export function isoTime(time: number): string {
  return new Date(time).toISOString();
}

/**
 * Milliseconds since 1970 of bytes that stand as in `2027-01-01T13:30:00.000Z`, the one form that toISOString gives to
 * the years up to 9999; NaN where there is no such time, so that what reads a hundred thousand of them handles numbers
 * alone.
 */
export function readUtc(bytes: Uint8Array, start = 0): number {
  if (!isUtcForm(bytes, start)) return NaN;
  const year = two(bytes, start) * 100 + two(bytes, start + 2);
  const month = two(bytes, start + 5);
  const day = two(bytes, start + 8);
  const hour = two(bytes, start + 11);
  const minute = two(bytes, start + 14);
  const second = two(bytes, start + 17);
  if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59)
    return NaN;
  if (day > 28 && day > daysOf(year, month)) return NaN;
  const seconds = (daysSince1970(year, month, day) * 24 + hour) * 3600 + minute * 60 + second;
  return seconds * 1000 + two(bytes, start + 20) * 10 + (bytes[start + 22] ?? 0) - ZERO;
}

function two(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) - ZERO) * 10 + (bytes[at + 1] ?? 0) - ZERO;
}

/** The same of a text that is such a time and nothing else; undefined of any other. */
export function parseUtc(text: string): number | undefined {
  const time = text.length === UTC_FORM.length ? readUtc(Buffer.from(text)) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Digits where digits stand in it, and between them what stands there. */
function isUtcForm(bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < FORM_BYTES.length; at += 1) {
    const code = bytes[start + at] ?? 0;
    const wanted = FORM_BYTES[at] ?? 0;
    if (wanted === ZERO ? code < ZERO || code > ZERO + 9 : code !== wanted) return false;
  }
  return true;
}

/** Its length is that of each such text. */
export const UTC_FORM = '0000-00-00T00:00:00.000Z';

const FORM_BYTES = Buffer.from(UTC_FORM);

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Days of the Gregorian calendar, counted faster than by Date.UTC: in years that begin with March a leap day is the
 * last one, and five months have 153 days (H. Hinnant, chrono-Compatible Low-Level Date Algorithms, days_from_civil).
 */
function daysSince1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1;
  const months = month > 2 ? month - 3 : month + 9;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.floor((153 * months + 2) / 5) + day - 1 - MARCH_0_TO_1970;
}

/** Days from the 1st of March in the year 0 to the 1st of January 1970. */
const MARCH_0_TO_1970 = 719_468;

const ZERO = '0'.charCodeAt(0);

/** The start of `2027-01-01` in UTC, in milliseconds since 1970. */
export function parseDay(text: string): number | undefined {
  return DAY.test(text) ? timeOf(text) : undefined;
}

/**
 * Milliseconds of `600`, which are seconds, or of `90s`, `2h`, `30d`, and as in fail2ban of `1mo` and `1d12h`; not of
 * `3M`.
 */
export function parseDuration(value: string | number): number | undefined {
  const text = String(value);
  return CAPITAL_M.test(text) ? undefined : millisecondsOf(text);
}

/**
 * What `3M` may stand for, which is minutes to fail2ban and to ms, and months to ISO 8601 and to most people;
 * undefined of all else. Taken for the other, a ban would be over at once, or never.
 */
export function unclearDuration(
  text: string,
): { readonly months: string; readonly minutes: string } | undefined {
  const [months, minutes] = ['mo', 'm'].map((unit) => text.replaceAll(new RegExp(CAPITAL_M, 'g'), unit));
  if (months === undefined || minutes === undefined || minutes === text) return undefined;
  return millisecondsOf(minutes) === undefined ? undefined : { months, minutes };
}

function millisecondsOf(text: string): number | undefined {
  if (/^[0-9.]+$/.test(text)) return finite(Number(text) * 1000);
  if (text.length > MAX_DURATION || !SUM.test(text)) return finite(ms((text || '?') as StringValue));
  const terms = (text.match(TERM) ?? []).map((term) => {
    const months = /^([0-9.]+)\s*mo/i.exec(term)?.[1];
    return months === undefined ? ms(term.trim() as StringValue) : Number(months) * MONTH_MS;
  });
  return finite(terms.reduce((sum, term) => sum + term, 0));
}

function finite(milliseconds: number): number | undefined {
  return Number.isFinite(milliseconds) ? milliseconds : undefined;
}

/** A twelfth of 365.25 days, as fail2ban has it. */
const MONTH_MS = (365.25 / 12) * 24 * 3600 * 1000;

const CAPITAL_M = /(?<![A-Za-z])M(?![A-Za-z])/;
const MAX_DURATION = 100;
const TERM = /[0-9]+(?:\.[0-9]+)?\s*[a-z]+\s*/gi;
const SUM = /^(?:[0-9]+(?:\.[0-9]+)?\s*[a-z]+\s*)+$/i;

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Date.parse takes the 31st of February for the 3rd of March. */
function timeOf(text: string): number | undefined {
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  const day = text.slice(0, 10);
  const exists = day.slice(8) <= '28' || new Date(Date.parse(day)).toISOString().startsWith(day);
  return exists ? time : undefined;
}
