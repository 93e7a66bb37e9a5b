/**
 * The month of the roll-up for page after page. In: its files, a day each. Out: sums. Those of the days that are over
 * are kept until the hour or a file changes, so that a page reads the file of today alone.
 */
import type { Zone } from '../domain/words.ts';
import { readRollup, rollupStamp } from '../rollup/read-rollup.ts';
import type { World } from '../world/world.ts';
import { DAYS, monthBegin, MonthSums } from './month-sums.ts';

/** Thirty times 24 hours end today, and so begin in the day before the thirtieth. */
const FILES = DAYS + 1;

interface MonthOptions {
  readonly zone: Zone;
  readonly turn: () => Promise<void>;
}

export class Month {
  #past: { readonly stamp: string; readonly zone: Zone; readonly sums: MonthSums } | undefined;

  /** Sums it up; `turn` is waited for between files. */
  async read(
    world: Pick<World, 'config' | 'files' | 'now'>,
    { zone, turn }: MonthOptions,
  ): Promise<MonthSums> {
    // All of it is of one moment, however long others have their turn.
    const now = world.now();
    const then = { config: world.config, files: world.files, now: () => now };
    const past = { days: FILES, without: 1 };
    const begin = monthBegin(now);
    const stamp = await rollupStamp(then, past);
    await turn();
    if (this.#past?.stamp !== stamp || this.#past.zone !== zone || this.#past.sums.begin !== begin) {
      const sums = new MonthSums(begin, zone);
      for await (const hours of readRollup(then, past)) {
        sums.add(hours);
        await turn();
      }
      this.#past = { stamp, zone, sums };
    }
    const sums = this.#past.sums.copy();
    for await (const hours of readRollup(then, { days: 1 })) sums.add(hours);
    return sums;
  }
}
