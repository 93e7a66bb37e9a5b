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

interface Days {
  /** Today and the days before it, in UTC. */
  readonly days: number;
  /** Of these, the newest that are not wanted. */
  readonly without?: number;
}

/**
 * The hours of days, oldest first and a day at a time; one that is not there had no ban and no controller that looked
 * on. What cannot be read is left out.
 */
export async function* readRollup(world: ReadWorld, wanted: Days): AsyncGenerator<readonly Hour[]> {
  for (const path of await pathsOf(world, wanted)) {
    const text = await world.files.readAtMost(path, MOST_BYTES).catch(() => undefined);
    yield (text === undefined ? undefined : decodeDay(text))?.hours ?? [];
  }
}

/** When the files of these days were written: while it stays the same, so do their hours. */
export async function rollupStamp(world: ReadWorld, wanted: Days): Promise<string> {
  const paths = await pathsOf(world, wanted);
  return paths.map((path) => `${path} ${world.files.modified(path) ?? 0}`).join('\n');
}

async function pathsOf(world: ReadWorld, { days, without = 0 }: Days): Promise<readonly string[]> {
  const folder = await rollupFolder(world);
  const today = dayOf(world.now());
  return Array.from({ length: days - without }, (_, day) =>
    join(folder, dayFile(today - (days - 1 - day) * DAY_MS)),
  );
}
