/** Reads the roll-up: the hours of so many days, from one file a day. */
import { join } from 'node:path';
import { gitFolderOf } from '../ledger/git/git-folder.ts';
import type { World } from '../world/world.ts';
import { dayFile, decodeDay } from './day.ts';
import { DAY_MS, dayOf, type Hour } from './hour.ts';

/** A file that somebody else put there may be of any length. */
export const MOST_BYTES = 1024 * 1024;

type ReadWorld = Pick<World, 'config' | 'files' | 'now'>;

/** Where its files are: in a folder of the repository that git does not look at. */
export async function rollupFolder({ config, files }: Pick<World, 'config' | 'files'>): Promise<string> {
  return join(await gitFolderOf(config.state, files), 'banspool', 'rollup');
}

/**
 * The hours of today and the days before it, in UTC, oldest first; one that is not there had no ban and no controller
 * that looked on. What cannot be read is left out.
 */
export async function readRollup(world: ReadWorld, days: number): Promise<readonly Hour[]> {
  const folder = await rollupFolder(world);
  const today = dayOf(world.now());
  const hours: Hour[] = [];
  for (let start = today - (days - 1) * DAY_MS; start <= today; start += DAY_MS) {
    const text = await world.files
      .readAtMost(join(folder, dayFile(start)), MOST_BYTES)
      .catch(() => undefined);
    hours.push(...((text === undefined ? undefined : decodeDay(text))?.hours ?? []));
  }
  return hours;
}
