/** Times as people write them. Each is undefined when the text is none: Date.parse and ms take nearly anything. */
import ms, { type StringValue } from 'ms';

/** Milliseconds since 1970 of `2027-01-01T13:30:00Z`; the zone must be there. */
export function parseTime(text: string): number | undefined {
  return TIME.test(text) ? timeOf(text) : undefined;
}

/** Milliseconds since 1970 of `2027-01-01T13:30:00.000Z`, the one form that toISOString gives to the years up to 9999. */
export function parseUtc(text: string): number | undefined {
  if (text.length !== 24 || !UTC.test(text)) return undefined;
  const digits = (from: number, to: number): number => Number(text.slice(from, to));
  const [day, hour] = [digits(8, 10), digits(11, 13)];
  // What not every month and day has is left to the slower way.
  if (day > 28 || hour > 23) return parseTime(text);
  const date = Date.UTC(digits(0, 4), digits(5, 7) - 1, day, hour, digits(14, 16), digits(17, 19));
  return digits(0, 4) < 1970 || digits(5, 7) > 12 || digits(14, 16) > 59 || digits(17, 19) > 59
    ? parseTime(text)
    : date + digits(20, 23);
}

/** The start of `2027-01-01` in UTC, in milliseconds since 1970. */
export function parseDay(text: string): number | undefined {
  return DAY.test(text) ? timeOf(text) : undefined;
}

/** Milliseconds of `600`, which are seconds, or of `90s`, `2h` and `30d`. */
export function parseDuration(value: string | number): number | undefined {
  const milliseconds = /^[0-9.]+$/.test(String(value))
    ? Number(value) * 1000
    : ms(String(value || '?') as StringValue);
  return Number.isFinite(milliseconds) ? milliseconds : undefined;
}

const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
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
