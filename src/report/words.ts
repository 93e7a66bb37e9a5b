/** Amounts in as few letters as a page has room for; each has its unit, and times their zone. */
import { numberText, type Zone } from '../domain/words.ts';
import { HOUR_MS } from '../rollup/hour.ts';

/** A number stays with its unit. */
const UNBROKEN = '\u00a0';

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** `1.2 GB`, of a thousand each. */
export function bytesText(bytes: number): string {
  return scaled(bytes, SIZES);
}

/** `84,213`, `1.2 M`: exact to a hundred thousand. */
export function amountText(count: number): string {
  return count < 100_000 ? numberText(Math.round(count)) : scaled(count, ['', 'k', 'M', 'G', 'T']);
}

function scaled(count: number, units: readonly string[]): string {
  let [rest, power] = [count, 0];
  while (rest >= 999.5 && power < units.length - 1) [rest, power] = [rest / 1000, power + 1];
  const digits = power > 0 && rest < 9.95 ? rest.toFixed(1) : String(Math.round(rest));
  const unit = units[power] ?? '';
  return unit === '' ? digits : `${digits}${UNBROKEN}${unit}`;
}

const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** `3 d`, `26 h`, `12 min`, `34 s`: in one unit, of which there are at least two but for seconds. */
export function spanText(ms: number): string {
  const [length, unit] = UNITS.find(([each, name]) => ms >= each * (name === 's' ? 1 : 2)) ?? [1_000, 's'];
  return `${numberText(Math.max(0, Math.floor(ms / length)))}${UNBROKEN}${unit}`;
}

/** `42 ms`, `1.3 s`. */
export function secondsText(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)}${UNBROKEN}ms`;
  return seconds < 9.95 ? `${seconds.toFixed(1)}${UNBROKEN}s` : spanText(seconds * 1000);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `24 Nov`. */
export function dayText(time: number, zone: Zone): string {
  const date = placed(time, zone);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''}`;
}

/** `Tue 24 Nov`. */
export function weekdayText(time: number, zone: Zone): string {
  return `${DAYS[placed(time, zone).getUTCDay()] ?? ''} ${dayText(time, zone)}`;
}

/** `24 Nov 14:05`; what it stands in tells the zone. */
export function momentText(time: number, zone: Zone): string {
  return `${dayText(time, zone)} ${placed(time, zone).toISOString().slice(11, 16)}`;
}

/** The hour that holds it, as hours of the roll-up begin: 20 Nov 19:00–20:00. */
export function hourText(time: number, zone: Zone): string {
  const begin = Math.floor(time / HOUR_MS) * HOUR_MS;
  const end = placed(begin + HOUR_MS, zone)
    .toISOString()
    .slice(11, 16);
  return `${momentText(begin, zone)}–${end}`;
}

/** A date whose parts in UTC are what clocks show in the zone. */
function placed(time: number, zone: Zone): Date {
  return new Date(time + zone(time).offset * 60_000);
}

/** `web1, web2 and 3 more`. */
export function listText(names: readonly string[], most = 3): string {
  if (names.length <= most) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** `118 the day before (+12 %)`; of a few, a part would say too much. */
export function changeText({ now, before }: { readonly now: number; readonly before: number }): string {
  if (now === before) return 'as many as the day before';
  const day = `${before === 0 ? 'none' : numberText(before)} the day before`;
  if (before < 20) return day;
  const percent = Math.round((now / before - 1) * 100);
  return `${day} (${percent < 0 ? '−' : '+'}${numberText(Math.abs(percent))} %)`;
}
