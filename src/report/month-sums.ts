/**
 * The hours of a month, summed up as they come: days by server and by jail, the hours of the week, what each day had.
 * In: figures of hours; hours without any may be missing. A day is 24 hours that end with the hour that is under way,
 * so that the newest is a whole one. What is kept grows with names and not with hours.
 */
import type { Zone } from '../domain/words.ts';
import { EMPTY_HISTOGRAM } from '../status/histogram.ts';
import { DAY_MS, HOUR_MS, type Hour } from '../rollup/hour.ts';
import type { DriftMark } from './report.ts';

/** Days in it. */
export const DAYS = 30;

/** Of all servers together. */
export interface DaySum {
  readonly bans: number;
  readonly refused: number;
  readonly repairs: number;
  /** Those that the kernel told. */
  readonly culprits: ReadonlySet<string>;
  readonly latency: readonly number[];
  /** Undefined where no controller looked on. */
  readonly dropped: { readonly packets: number; readonly bytes: number } | undefined;
}

const NO_DAY: DaySum = {
  ...{ bans: 0, refused: 0, repairs: 0, culprits: new Set<string>() },
  ...{ latency: EMPTY_HISTOGRAM.counts.map(() => 0), dropped: undefined },
};

/** The beginning of the month that ends with the hour of `now`. */
export function monthBegin(now: number): number {
  return Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS - DAYS * DAY_MS;
}

export class MonthSums {
  /** When its first day begins. */
  readonly begin: number;
  /** Bans of each day, of each server that has any. */
  readonly byServer = new Map<string, number[]>();
  readonly byJail = new Map<string, number[]>();
  readonly drift: DriftMark[] = [];
  /** Bans, by day from Monday on and by hour in the zone. */
  readonly week: number[][] = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  readonly days: DaySum[] = Array.from({ length: DAYS }, () => NO_DAY);
  readonly #zone: Zone;

  constructor(begin: number, zone: Zone) {
    this.begin = begin;
    this.#zone = zone;
  }

  /** What is added to one of them is not in the other. */
  copy(): MonthSums {
    const copy = new MonthSums(this.begin, this.#zone);
    for (const [server, counts] of this.byServer) copy.byServer.set(server, [...counts]);
    for (const [jail, counts] of this.byJail) copy.byJail.set(jail, [...counts]);
    copy.drift.push(...this.drift);
    copy.week.splice(0, copy.week.length, ...this.week.map((hours) => [...hours]));
    // They are replaced and never changed.
    copy.days.splice(0, copy.days.length, ...this.days);
    return copy;
  }

  /** Adds hours; those beyond the month are left out. */
  add(hours: Iterable<Hour>): this {
    for (const hour of hours) {
      const day = Math.floor((hour.time - this.begin) / DAY_MS);
      if (day >= 0 && day < DAYS) this.#add(hour, day);
    }
    return this;
  }

  #add(hour: Hour, day: number): void {
    const { time, bans, drift } = hour;
    const [banned, repairs] = [total(bans), total(drift)];
    for (const { server, jail, count } of bans) {
      grow(this.byServer, server, { day, count });
      grow(this.byJail, jail, { day, count });
    }
    const culprits = [...new Set(drift.map(({ culprit }) => culprit))].filter((name) => name !== '');
    if (repairs > 0) this.drift.push({ at: time + HOUR_MS / 2, repairs, culprits });
    const date = new Date(time + this.#zone(time).offset * 60_000);
    const row = this.week[(date.getUTCDay() + 6) % 7] ?? [];
    row[date.getUTCHours()] = (row[date.getUTCHours()] ?? 0) + banned;
    const sum = this.days[day] ?? NO_DAY;
    this.days[day] = {
      bans: sum.bans + banned,
      refused: sum.refused + total(hour.refused ?? []),
      repairs: sum.repairs + repairs,
      culprits: new Set([...sum.culprits, ...culprits]),
      latency: sum.latency.map((count, index) => count + (hour.latency?.[index] ?? 0)),
      dropped: withDropped(sum.dropped, hour),
    };
  }
}

function withDropped(sum: DaySum['dropped'], { packets, bytes }: Hour): DaySum['dropped'] {
  if (packets === null) return sum;
  return { packets: packets + (sum?.packets ?? 0), bytes: (bytes ?? 0) + (sum?.bytes ?? 0) };
}

function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((all, { count }) => all + count, 0);
}

function grow(
  names: Map<string, number[]>,
  name: string,
  { day, count }: { readonly day: number; readonly count: number },
): void {
  let counts = names.get(name);
  if (counts === undefined) names.set(name, (counts = Array.from({ length: DAYS }, () => 0)));
  counts[day] = (counts[day] ?? 0) + count;
}
