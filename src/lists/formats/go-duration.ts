/** Reads lengths of time as Go's time.Duration writes them: `167h59m3.5s`, `850ms`, `-1m2s` where it is over. */

/** In milliseconds, 0 where it is over; undefined for what is none. */
export function parseGoDuration(text: string): number | undefined {
  const match = /^(-?)(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)(s|ms|µs|ns))?$/.exec(
    text,
  );
  if (match === null || text === '' || text === '-') return undefined;
  const [, sign, hours = '0', minutes = '0', rest = '0', unit = 's'] = match;
  if (sign === '-') return 0;
  return Math.floor(
    Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(rest) * (UNITS_MS[unit] ?? 0),
  );
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, ms: 1, µs: 1e-3, ns: 1e-6 };
