/** Keeps what waits in each server's folder within its room, whatever way it came. */
import { join } from 'node:path';
import { countText, numberText } from '../report/words.ts';
import { MAX_BYTES, MAX_FILES, overflow } from '../spool/overflow.ts';
import { sweep } from '../spool/sweep.ts';
import { messageOf } from '../system/error.ts';
import type { SpoolEntry } from '../system/spool-files.ts';
import type { PassKind, Problem } from './pass.ts';
import type { World } from './world.ts';

/** To look at each file of a flood takes time that belongs to the others' bans. */
const EVERY_MS = 2_000;

/** What was removed is gone at once, and somebody is to see that it was. */
const TOLD_MS = 60_000;

export class Bounds {
  readonly #world: World;
  #lookedAt = -Infinity;
  #told: { readonly at: number; readonly problems: readonly Problem[] } = { at: -Infinity, problems: [] };

  constructor(world: World) {
    this.#world = world;
  }

  /** What was too much since, at every full pass and now and then. To be called when what was taken in is gone. */
  keep(kind: PassKind): readonly Problem[] {
    const now = performance.now();
    if (kind === 'full' || now - this.#lookedAt >= EVERY_MS) {
      const problems = boundFolders(this.#world);
      this.#lookedAt = now;
      if (problems.length > 0 || now - this.#told.at >= TOLD_MS) this.#told = { at: now, problems };
    }
    return this.#told.problems;
  }
}

/** Removes what is beyond it, unread: there may be gigabytes of it. */
function boundFolders(world: World): readonly Problem[] {
  const { waiting, strays, servers } = sweep(world.config.spool, world.spoolFiles);
  return servers.flatMap((server): readonly Problem[] => {
    const entries = [...(waiting.get(server) ?? []), ...(strays.get(server) ?? [])];
    try {
      const removed = boundFolder(world, join(world.config.spool, server), entries);
      if (removed === 0) return [];
      const room = `${numberText(MAX_FILES)} files or ${MAX_BYTES / 1024 / 1024} MiB`;
      const message = `${server} sends more than ${room} at once: ${countText(removed, 'file')} removed unread`;
      return [{ condition: 'SpoolBounded', reason: 'Overflow', message }];
    } catch (error) {
      const message = `${server}: what is too much cannot be removed: ${messageOf(error)}`;
      return [{ condition: 'SpoolBounded', reason: 'CannotRemove', message }];
    }
  });
}

/** How many files went. */
function boundFolder({ spoolFiles }: World, folder: string, entries: readonly SpoolEntry[]): number {
  const measured = entries.flatMap((entry) => {
    const measure = spoolFiles.measure(folder, entry);
    return measure === undefined ? [] : [{ ...measure, entry }];
  });
  return overflow(measured).filter(({ entry, stamp }) => spoolFiles.remove(folder, entry, stamp)).length;
}
