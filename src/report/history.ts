/**
 * What the sums of a month come to on a page: the servers and jails with the most bans, the hours of the week,
 * yesterday against the day before.
 */
import { BOUNDS, EMPTY_HISTOGRAM, type Histogram } from '../status/histogram.ts';
import { DAY_MS } from '../rollup/hour.ts';
import { DAYS, type DaySum, type MonthSums } from './month-sums.ts';
import type { Compared, Report, Series, Tiles, Yesterday } from './report.ts';

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

/** As many as have a colour of their own; the others are one. */
const MOST_SERVERS = 6;
const MOST_JAILS = 10;

/** Puts it in order. */
export function historyOf({ begin, byServer, byJail, drift, week, days }: MonthSums): History {
  const [newest, before] = [days.at(-1), days.at(-2)];
  return {
    days: days.map((_, day) => begin + day * DAY_MS),
    daysOf: byServer,
    byServer: seriesOf(byServer, MOST_SERVERS),
    byJail: seriesOf(byJail, MOST_JAILS),
    drift: [...drift].sort((a, b) => a.at - b.at),
    week,
    latency: sumLatency(days),
    yesterday: yesterdayOf(newest, before, byServer),
    bansOfDay: newest?.bans ?? 0,
    refusedOfDay: newest?.refused ?? 0,
    median: medianOf(sumLatency(newest === undefined ? [] : [newest])),
    dropped: newest?.dropped,
  };
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

function yesterdayOf(
  newest: DaySum | undefined,
  before: DaySum | undefined,
  daysOf: ReadonlyMap<string, readonly number[]>,
): Omit<Yesterday, 'policyEdits'> {
  const compare = (part: 'bans' | 'refused' | 'repairs'): Compared => ({
    now: newest?.[part] ?? 0,
    before: before?.[part] ?? 0,
  });
  return {
    ...{ bans: compare('bans'), refused: compare('refused'), drift: compare('repairs') },
    culprits: [...(newest?.culprits ?? [])],
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

function sumLatency(days: readonly DaySum[]): Histogram {
  const counts = EMPTY_HISTOGRAM.counts.map((_, index) =>
    days.reduce((all, { latency }) => all + (latency[index] ?? 0), 0),
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
