/**
 * What the hours of a month come to: days by server and by jail, the hours of the week, yesterday against the day
 * before. In: figures of hours, in any order; hours without any may be missing. A day is 24 hours that end with the
 * hour that is under way, so that the newest is a whole one.
 */
import type { Zone } from '../domain/words.ts';
import { BOUNDS, EMPTY_HISTOGRAM, type Histogram } from '../status/histogram.ts';
import { DAY_MS, HOUR_MS, type Hour } from '../rollup/hour.ts';
import type { Compared, DriftMark, Report, Series, Tiles, Yesterday } from './report.ts';

type Charts = Pick<Report, 'days' | 'byServer' | 'byJail' | 'drift' | 'week' | 'latency'>;

interface History extends Charts {
  readonly yesterday: Omit<Yesterday, 'policyEdits'>;
  readonly bansOfDay: number;
  readonly refusedOfDay: number;
  readonly median: number | undefined;
  readonly dropped: Tiles['dropped'];
  /** Bans of each day, of each server that has any. */
  readonly daysOf: ReadonlyMap<string, readonly number[]>;
}

const DAYS = 30;

/** As many as have a colour of their own; the others are one. */
const MOST_SERVERS = 6;
const MOST_JAILS = 10;

/** Sums them up. */
export function historyOf(hours: readonly Hour[], now: number, zone: Zone): History {
  const end = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
  const days = Array.from({ length: DAYS }, (_, day) => end - (DAYS - day) * DAY_MS);
  const [first = end] = days;
  const month = hours
    .filter(({ time }) => time >= first && time < end)
    .sort((a, b) => a.time - b.time)
    .map((hour) => ({ ...hour, day: Math.floor((hour.time - first) / DAY_MS) }));
  const [newest, before] = [1, 2].map((back) => month.filter(({ day }) => day === DAYS - back));
  const daysOf = daysBy(month, ({ server }) => server);
  return {
    days,
    daysOf,
    byServer: seriesOf(daysOf, MOST_SERVERS),
    byJail: seriesOf(
      daysBy(month, ({ jail }) => jail),
      MOST_JAILS,
    ),
    drift: month.flatMap(driftMark),
    week: weekOf(month, zone),
    latency: sumLatency(month),
    yesterday: yesterdayOf(newest ?? [], before ?? [], daysOf),
    bansOfDay: sum(newest ?? [], bansOf),
    refusedOfDay: sum(newest ?? [], refusedOf),
    median: medianOf(sumLatency(newest ?? [])),
    dropped: sumDropped(newest ?? []),
  };
}

type DayHour = Hour & { readonly day: number };
type Banned = Hour['bans'][number];

function sum(hours: readonly DayHour[], amount: (hour: DayHour) => number): number {
  return hours.reduce((total, hour) => total + amount(hour), 0);
}

function bansOf({ bans }: Hour): number {
  return total(bans);
}

function refusedOf({ refused }: Hour): number {
  return total(refused ?? []);
}

function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((all, { count }) => all + count, 0);
}

function daysBy(month: readonly DayHour[], nameOf: (banned: Banned) => string): Map<string, number[]> {
  const days = new Map<string, number[]>();
  for (const { day, bans } of month) {
    for (const each of bans) {
      const name = nameOf(each);
      const counts = days.get(name) ?? Array.from({ length: DAYS }, () => 0);
      counts[day] = (counts[day] ?? 0) + each.count;
      days.set(name, counts);
    }
  }
  return days;
}

/** Those with the most first. */
function seriesOf(days: ReadonlyMap<string, readonly number[]>, most: number): readonly Series[] {
  const sumOf = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  const ordered = Array.from(days, ([name, counts]) => ({ name, counts })).sort(
    (a, b) => sumOf(b.counts) - sumOf(a.counts) || (a.name < b.name ? -1 : 1),
  );
  if (ordered.length <= most + 1) return ordered;
  const rest = ordered.slice(most);
  const counts = Array.from({ length: DAYS }, (_, day) =>
    rest.reduce((all, each) => all + (each.counts[day] ?? 0), 0),
  );
  return [...ordered.slice(0, most), { name: `${rest.length} others`, counts }];
}

function driftMark({ time, drift }: Hour): readonly DriftMark[] {
  const repairs = total(drift);
  return repairs === 0 ? [] : [{ at: time + HOUR_MS / 2, repairs, culprits: culpritsOf([drift]) }];
}

/** Those that the kernel told. */
function culpritsOf(drift: readonly Hour['drift'][]): readonly string[] {
  return [...new Set(drift.flat().map(({ culprit }) => culprit))].filter((name) => name !== '');
}

function weekOf(month: readonly DayHour[], zone: Zone): readonly (readonly number[])[] {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const hour of month) {
    const date = new Date(hour.time + zone(hour.time).offset * 60_000);
    const row = week[(date.getUTCDay() + 6) % 7] ?? [];
    row[date.getUTCHours()] = (row[date.getUTCHours()] ?? 0) + bansOf(hour);
  }
  return week;
}

function yesterdayOf(
  newest: readonly DayHour[],
  before: readonly DayHour[],
  daysOf: ReadonlyMap<string, readonly number[]>,
): Omit<Yesterday, 'policyEdits'> {
  const compare = (amount: (hour: DayHour) => number): Compared => ({
    now: sum(newest, amount),
    before: sum(before, amount),
  });
  return {
    bans: compare(bansOf),
    refused: compare(refusedOf),
    drift: compare(({ drift }) => total(drift)),
    culprits: culpritsOf(newest.map(({ drift }) => drift)),
    rise: riseOf(daysOf),
  };
}

/** The server with the most bans more than the day before. */
function riseOf(daysOf: ReadonlyMap<string, readonly number[]>): Yesterday['rise'] {
  const all = Array.from(daysOf, ([server, counts]) => ({
    server,
    bans: { now: counts.at(-1) ?? 0, before: counts.at(-2) ?? 0 },
  })).sort((a, b) => b.bans.now - b.bans.before - (a.bans.now - a.bans.before));
  const [most] = all;
  return most === undefined || most.bans.now <= most.bans.before ? undefined : most;
}

function sumLatency(hours: readonly Hour[]): Histogram {
  const counts = EMPTY_HISTOGRAM.counts.map((_, index) =>
    hours.reduce((all, { latency }) => all + (latency?.[index] ?? 0), 0),
  );
  // The hours do not tell it.
  return { counts, sum: 0 };
}

/** Half of them took at most so many seconds: the bound of their column. */
export function medianOf({ counts }: Histogram): number | undefined {
  const half = counts.reduce((all, count) => all + count, 0) / 2;
  if (half === 0) return undefined;
  let total = 0;
  const index = counts.findIndex((count) => (total += count) >= half);
  return BOUNDS[index] ?? BOUNDS.at(-1);
}

/** Undefined where no controller looked on. */
function sumDropped(hours: readonly Hour[]): Tiles['dropped'] {
  if (hours.every(({ packets }) => packets === null)) return undefined;
  const sumOf = (part: 'packets' | 'bytes'): number =>
    hours.reduce((all, hour) => all + (hour[part] ?? 0), 0);
  return { packets: sumOf('packets'), bytes: sumOf('bytes') };
}
