/**
 * What the hours of a month come to: days by server and by jail, the hours of the week, yesterday against the day
 * before. In: figures of hours, in any order; hours without any may be missing. A day is 24 hours that end with the
 * hour that is under way, so that the newest is a whole one.
 */
import type { Zone } from '../domain/words.ts';
import { BOUNDS, EMPTY_HISTOGRAM, type Histogram } from '../status/histogram.ts';
import type { Compared, DriftMark, Report, Series, Yesterday } from './report.ts';

/** What one hour brought. */
export interface HourFigures {
  /** Its beginning, in milliseconds since 1970. */
  readonly start: number;
  readonly banned: readonly { readonly server: string; readonly jail: string; readonly count: number }[];
  readonly refused: number;
  /** Changes that were taken back, by who made them; an empty name where nobody knows. */
  readonly drift: ReadonlyMap<string, number>;
  /** Undefined where nobody counted. */
  readonly dropped: { readonly packets: number; readonly bytes: number } | undefined;
  /** From file to drop. */
  readonly latency: Histogram;
}

type Charts = Pick<Report, 'days' | 'byServer' | 'byJail' | 'drift' | 'week' | 'latency'>;

interface History extends Charts {
  readonly yesterday: Omit<Yesterday, 'policyEdits'>;
  readonly bansOfDay: number;
  readonly refusedOfDay: number;
  readonly median: number | undefined;
  readonly dropped: HourFigures['dropped'];
  /** Bans of each day, of each server that has any. */
  readonly daysOf: ReadonlyMap<string, readonly number[]>;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 30;

/** As many as have a colour of their own; the others are one. */
const MOST_SERVERS = 6;
const MOST_JAILS = 10;

/** Sums them up. */
export function historyOf(hours: readonly HourFigures[], now: number, zone: Zone): History {
  const end = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
  const days = Array.from({ length: DAYS }, (_, day) => end - (DAYS - day) * DAY_MS);
  const [first = end] = days;
  const month = hours
    .filter(({ start }) => start >= first && start < end)
    .sort((a, b) => a.start - b.start)
    .map((hour) => ({ ...hour, day: Math.floor((hour.start - first) / DAY_MS) }));
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
    refusedOfDay: sum(newest ?? [], ({ refused }) => refused),
    median: medianOf(sumLatency(newest ?? [])),
    dropped: sumDropped(newest ?? []),
  };
}

type Hour = HourFigures & { readonly day: number };
type Banned = HourFigures['banned'][number];

function sum(hours: readonly Hour[], amount: (hour: Hour) => number): number {
  return hours.reduce((total, hour) => total + amount(hour), 0);
}

function bansOf({ banned }: HourFigures): number {
  return banned.reduce((total, { count }) => total + count, 0);
}

function daysBy(month: readonly Hour[], nameOf: (banned: Banned) => string): Map<string, number[]> {
  const days = new Map<string, number[]>();
  for (const { day, banned } of month) {
    for (const each of banned) {
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
  const total = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
  const ordered = Array.from(days, ([name, counts]) => ({ name, counts })).sort(
    (a, b) => total(b.counts) - total(a.counts) || (a.name < b.name ? -1 : 1),
  );
  if (ordered.length <= most + 1) return ordered;
  const rest = ordered.slice(most);
  const counts = Array.from({ length: DAYS }, (_, day) =>
    rest.reduce((all, each) => all + (each.counts[day] ?? 0), 0),
  );
  return [...ordered.slice(0, most), { name: `${rest.length} others`, counts }];
}

function driftMark({ start, drift }: HourFigures): readonly DriftMark[] {
  const changes = Array.from(drift.values()).reduce((all, count) => all + count, 0);
  if (changes === 0) return [];
  return [{ at: start + HOUR_MS / 2, changes, culprits: [...drift.keys()].filter((name) => name !== '') }];
}

function weekOf(month: readonly Hour[], zone: Zone): readonly (readonly number[])[] {
  const week = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const hour of month) {
    const date = new Date(hour.start + zone(hour.start).offset * 60_000);
    const row = week[(date.getUTCDay() + 6) % 7] ?? [];
    row[date.getUTCHours()] = (row[date.getUTCHours()] ?? 0) + bansOf(hour);
  }
  return week;
}

function yesterdayOf(
  newest: readonly Hour[],
  before: readonly Hour[],
  daysOf: ReadonlyMap<string, readonly number[]>,
): Omit<Yesterday, 'policyEdits'> {
  const compare = (amount: (hour: Hour) => number): Compared => ({
    now: sum(newest, amount),
    before: sum(before, amount),
  });
  const changes = ({ drift }: HourFigures): number => (drift.size === 0 ? 0 : 1);
  return {
    bans: compare(bansOf),
    refused: compare(({ refused }) => refused),
    drift: compare(changes),
    culprits: [...new Set(newest.flatMap(({ drift }) => [...drift.keys()]))].filter((name) => name !== ''),
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

function sumLatency(hours: readonly HourFigures[]): Histogram {
  return hours.reduce<Histogram>(
    (all, { latency }) => ({
      counts: all.counts.map((count, index) => count + (latency.counts[index] ?? 0)),
      sum: all.sum + latency.sum,
    }),
    EMPTY_HISTOGRAM,
  );
}

/** Half of them took at most so many seconds: the bound of their column. */
export function medianOf({ counts }: Histogram): number | undefined {
  const half = counts.reduce((all, count) => all + count, 0) / 2;
  if (half === 0) return undefined;
  let total = 0;
  const index = counts.findIndex((count) => (total += count) >= half);
  return BOUNDS[index] ?? BOUNDS.at(-1);
}

function sumDropped(hours: readonly HourFigures[]): HourFigures['dropped'] {
  const counted = hours.flatMap(({ dropped }) => dropped ?? []);
  if (counted.length === 0) return undefined;
  return counted.reduce((all, { packets, bytes }) => ({
    packets: all.packets + packets,
    bytes: all.bytes + bytes,
  }));
}
