/** The hourly figures of a made-up month, as a controller that had looked on all the time would have kept them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Day, dayFile, encodeDay } from '../../src/rollup/day.ts';
import { DAY_MS, dayOf, HOUR_MS } from '../../src/rollup/hour.ts';
import { BOUNDS } from '../../src/status/histogram.ts';
import { Chance } from './month-attacks.ts';
import type { Month } from './month.ts';

/** Of a hundred bans, how many came into force within each bound. */
const LATENCY = [3, 61, 24, 7, 3, 1, 0.6, 0.3, 0.1, 0, 0, 0];

/** Writes a file for each of 31 days. */
export function writeRollup(
  { state, attacks, refused, drift, drops }: Pick<Month, 'state' | 'attacks' | 'refused' | 'drift' | 'drops'>,
  end: number,
): void {
  const chance = new Chance(7);
  const days = new Map<number, Day>();
  for (let start = dayOf(end) - 30 * DAY_MS; start <= end; start += DAY_MS) days.set(start, new Day(start));
  const at = (time: number, note: (day: Day) => void): void => {
    const day = days.get(dayOf(time));
    if (day !== undefined && time <= end) note(day);
  };
  for (const { jail, hits, until } of attacks)
    for (const { server, since } of hits) {
      at(since, (day) => {
        day.banned(since, { server, jail });
        day.enforced(since, oneBan(chance));
      });
      at(until, (day) => {
        day.ended(until);
      });
    }
  for (const { time, culprit } of drift)
    at(time, (day) => {
      day.drifted(time, culprit);
    });
  for (const { time, server } of refused)
    at(time, (day) => {
      day.refused(time, server);
    });
  const packets = drops.reduce((sum, each) => sum + each.packets, 0);
  for (let hour = end - 30 * DAY_MS; hour <= end; hour += HOUR_MS)
    at(hour, (day) => {
      // More are banned from day to day.
      const part = ((hour - end + 31 * DAY_MS) / (31 * DAY_MS)) * (0.6 + 0.8 * chance.next());
      const dropped = Math.round((packets / 360) * part);
      day.dropped(hour, { packets: dropped, bytes: dropped * 54 });
    });
  const folder = join(state, '.git/banspool/rollup');
  mkdirSync(folder, { recursive: true });
  for (const day of days.values()) {
    // What is not over is counted again.
    if (day.start + DAY_MS <= end) day.counted = day.start + DAY_MS;
    writeFileSync(join(folder, dayFile(day.start)), encodeDay(day));
  }
}

function oneBan(chance: Chance): readonly number[] {
  let left = chance.next() * LATENCY.reduce((sum, each) => sum + each, 0);
  const place = LATENCY.findIndex((weight) => (left -= weight) < 0);
  return [...BOUNDS, Infinity].map((_, index) => Number(index === Math.max(0, place)));
}
