/**
 * The figures of one day, hour by hour, in a bounded room whatever servers call themselves and their jails: so many
 * names a day, so many pairs an hour, and the rest together as `other`. As text it is a file of the roll-up.
 */
import * as v from 'valibot';
import { BOUNDS } from '../status/histogram.ts';
import { SeriesNames } from '../status/series-names.ts';
import { readJson } from '../yaml/read-json.ts';
import { isoTime, parseDay, parseTime } from '../yaml/time.ts';
import { DAY_MS, HOUR_MS, type Hour } from './hour.ts';

const MOST_SERVERS = 100;
const MOST_JAILS = 100;
const MOST_PROGRAMS = 20;
/** Of a server and a jail, in one hour. */
const MOST_PAIRS = 200;
const OTHER = 'other';

/** What git tells again, when it is asked. */
interface Told {
  readonly bans: Map<string, Map<string, number>>;
  ended: number;
  readonly drift: Map<string, number>;
}

/** What only a controller that looks on sees. */
interface Seen {
  readonly refused: Map<string, number>;
  packets: number;
  bytes: number;
  readonly latency: number[];
}

export class Day {
  /** Its beginning, in milliseconds since 1970. */
  readonly start: number;
  /** Until when all that git has of it is counted. */
  counted = -Infinity;
  readonly #servers = new SeriesNames(MOST_SERVERS);
  readonly #jails = new SeriesNames(MOST_JAILS);
  readonly #programs = new SeriesNames(MOST_PROGRAMS);
  #told = new Map<number, Told>();
  readonly #seen = new Map<number, Seen>();

  constructor(start: number) {
    this.start = start;
  }

  /** A ban of the hour that holds `time`; so in what follows. */
  banned(
    time: number,
    { server, jail }: { readonly server: string; readonly jail: string },
    count = 1,
  ): void {
    const { bans } = this.#toldAt(time);
    const [byServer, byJail] = [this.#servers.of(server), this.#jails.of(jail)];
    const isKnown = bans.get(byServer)?.has(byJail) === true;
    const pairs = Array.from(bans.values()).reduce((sum, { size }) => sum + size, 0);
    const [first, second] = isKnown || pairs < MOST_PAIRS ? [byServer, byJail] : [OTHER, OTHER];
    const jails = bans.get(first) ?? new Map<string, number>();
    bans.set(first, add(jails, second, count));
  }

  ended(time: number, count = 1): void {
    this.#toldAt(time).ended += count;
  }

  drifted(time: number, culprit: string, count = 1): void {
    add(this.#toldAt(time).drift, culprit === '' ? '' : this.#programs.of(culprit), count);
  }

  /** A controller looked on in that hour, whatever there was to see. */
  watched(time: number): void {
    this.#seenAt(time);
  }

  refused(time: number, server: string, count = 1): void {
    add(this.#seenAt(time).refused, this.#servers.of(server), count);
  }

  dropped(time: number, { packets, bytes }: { readonly packets: number; readonly bytes: number }): void {
    const seen = this.#seenAt(time);
    seen.packets += packets;
    seen.bytes += bytes;
  }

  /** How many came into force within each bound. */
  enforced(time: number, latency: readonly number[]): void {
    const own = this.#seenAt(time).latency;
    for (const [index, count] of latency.entries()) own[index] = (own[index] ?? 0) + count;
  }

  /** Forgets what git tells again. */
  forgetTold(): void {
    this.#told = new Map();
  }

  /** Adds another day's hours to its own. */
  add(hours: Iterable<Hour>): void {
    for (const { time, bans, ended, drift, refused, packets, bytes, latency } of hours) {
      for (const each of bans) this.banned(time, each, each.count);
      if (ended > 0) this.ended(time, ended);
      for (const { culprit, count } of drift) this.drifted(time, culprit, count);
      if (refused === null) continue;
      this.watched(time);
      for (const { server, count } of refused) this.refused(time, server, count);
      this.dropped(time, { packets: packets ?? 0, bytes: bytes ?? 0 });
      this.enforced(time, latency ?? []);
    }
  }

  /** Those in which something happened, or a controller looked on; oldest first. */
  hours(): readonly Hour[] {
    const times = [...new Set([...this.#told.keys(), ...this.#seen.keys()])].sort((a, b) => a - b);
    return times.map((hour) => {
      const [told, seen] = [this.#told.get(hour), this.#seen.get(hour)];
      return {
        time: this.start + hour * HOUR_MS,
        bans: Array.from(told?.bans ?? []).flatMap(([server, jails]) =>
          Array.from(jails, ([jail, count]) => ({ server, jail, count })),
        ),
        ended: told?.ended ?? 0,
        drift: Array.from(told?.drift ?? [], ([culprit, count]) => ({ culprit, count })),
        refused:
          seen === undefined ? null : Array.from(seen.refused, ([server, count]) => ({ server, count })),
        packets: seen?.packets ?? null,
        bytes: seen?.bytes ?? null,
        latency: seen?.latency ?? null,
      };
    });
  }

  #toldAt(time: number): Told {
    const hour = this.#hourOf(time);
    const told = this.#told.get(hour) ?? { bans: new Map(), ended: 0, drift: new Map() };
    this.#told.set(hour, told);
    return told;
  }

  #seenAt(time: number): Seen {
    const hour = this.#hourOf(time);
    const latency = [...BOUNDS, Infinity].map(() => 0);
    const seen = this.#seen.get(hour) ?? { refused: new Map(), packets: 0, bytes: 0, latency };
    this.#seen.set(hour, seen);
    return seen;
  }

  #hourOf(time: number): number {
    return Math.min(23, Math.max(0, Math.floor((time - this.start) / HOUR_MS)));
  }
}

function add(counts: Map<string, number>, name: string, count: number): Map<string, number> {
  return counts.set(name, (counts.get(name) ?? 0) + count);
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const pair = v.tuple([count, count]);

/** Names stand once, in a list, and figures have their places in it. */
const fileSchema = v.object({
  version: v.literal(1),
  day: v.string(),
  counted: v.nullable(v.string()),
  names: v.array(v.string()),
  hours: v.array(
    v.object({
      hour: v.pipe(count, v.maxValue(23)),
      bans: v.array(v.tuple([count, count, count])),
      ended: count,
      drift: v.array(pair),
      refused: v.nullable(v.array(pair)),
      packets: v.nullable(count),
      bytes: v.nullable(count),
      latency: v.nullable(v.pipe(v.array(count), v.maxLength(BOUNDS.length + 1))),
    }),
  ),
});

/** What a file of the roll-up holds. */
interface ReadDay {
  readonly counted: number;
  readonly hours: readonly Hour[];
}

/** `2026-11-29.json`. */
export function dayFile(start: number): string {
  return `${isoTime(start).slice(0, 10)}.json`;
}

/** The file's text. */
export function encodeDay(day: Day): string {
  const names: string[] = [];
  const places = new Map<string, number>();
  const at = (name: string): number => {
    const known = places.get(name) ?? names.push(name) - 1;
    places.set(name, known);
    return known;
  };
  const hours = day.hours().map(({ time, bans, drift, refused, ...rest }) => ({
    hour: (time - day.start) / HOUR_MS,
    bans: bans.map(({ server, jail, count: bans }) => [at(server), at(jail), bans]),
    drift: drift.map(({ culprit, count: times }) => [at(culprit), times]),
    refused: refused?.map(({ server, count: files }) => [at(server), files]) ?? null,
    ...rest,
  }));
  const counted = day.counted === -Infinity ? null : isoTime(Math.min(day.counted, day.start + DAY_MS));
  const text = { version: 1, day: isoTime(day.start).slice(0, 10), counted, names, hours };
  return `${JSON.stringify(text)}\n`;
}

/** Undefined for a text that is no such file. */
export function decodeDay(text: string): ReadDay | undefined {
  const file = readJson(fileSchema, text);
  const start = file && parseDay(file.day);
  if (file === undefined || start === undefined) return undefined;
  const name = (place: number): string => file.names[place] ?? OTHER;
  const hours = file.hours.map(({ hour, bans, drift, refused, ...rest }) => ({
    time: start + hour * HOUR_MS,
    bans: bans.map(([server, jail, bans]) => ({ server: name(server), jail: name(jail), count: bans })),
    drift: drift.map(([culprit, times]) => ({ culprit: name(culprit), count: times })),
    refused: refused?.map(([server, files]) => ({ server: name(server), count: files })) ?? null,
    ...rest,
  }));
  return { counted: parseTime(file.counted ?? '') ?? -Infinity, hours };
}
