/** Keeps what waits in each server's folder within its room, whatever way it came. */
import { join } from 'node:path';
import { countText, numberText } from '../report/words.ts';
import { MAX_BYTES, MAX_FILES, overflow } from '../spool/overflow.ts';
import { sweep } from '../spool/sweep.ts';
import { messageOf } from '../system/error.ts';
import type { SpoolEntry, SpoolFiles, SpoolMeasure } from '../system/spool-files.ts';
import type { PassKind, Problem } from './pass.ts';
import type { World } from './world.ts';

/** To look at each file of a flood takes time that belongs to the others' bans. */
const EVERY_MS = 2_000;

/** What was removed is gone at once, and somebody is to see that it was: who asks for the status every five minutes too. */
const TOLD_MS = 600_000;

/** Of what was removed from one server's folder at a time. */
const SHOWN_NAMES = 3;

export class Bounds {
  readonly #world: World;
  #lookedAt = -Infinity;
  /** The last of each server. */
  readonly #told = new Map<string, { readonly at: number; readonly problem: Problem }>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Looks at every full pass and now and then. To be called when what was taken in is gone. */
  keep(kind: PassKind): void {
    const now = performance.now();
    if (kind !== 'full' && now - this.#lookedAt < EVERY_MS) return;
    for (const [server, problem] of boundFolders(this.#world)) this.#told.set(server, { at: now, problem });
    this.#lookedAt = now;
  }

  /** True now and then where temporaries alone, for which there is no pass, are too much; the next pass then looks. */
  isOverfull(strays: ReadonlyMap<string, readonly SpoolEntry[]>): boolean {
    const now = performance.now();
    if (now - this.#lookedAt < EVERY_MS) return false;
    const { config, spoolFiles } = this.#world;
    const isFull = Array.from(strays).some(
      ([server, entries]) => overflowOf(spoolFiles, join(config.spool, server), entries).length > 0,
    );
    this.#lookedAt = isFull ? -Infinity : now;
    return isFull;
  }

  /** What was too much a short while ago, also where nothing is any more. */
  get problems(): readonly Problem[] {
    const now = performance.now();
    for (const [server, { at }] of this.#told) if (now - at >= TOLD_MS) this.#told.delete(server);
    return Array.from(this.#told.values(), ({ problem }) => problem);
  }
}

/** Removes what is beyond it, unread: there may be gigabytes of it. */
function boundFolders(world: World): ReadonlyMap<string, Problem> {
  const problems = new Map<string, Problem>();
  const { waiting, strays, servers } = sweep(world.config.spool, world.spoolFiles);
  for (const server of servers) {
    const entries = [...(waiting.get(server) ?? []), ...(strays.get(server) ?? [])];
    try {
      const removed = boundFolder(world, join(world.config.spool, server), entries);
      if (removed.length === 0) continue;
      const room = `${numberText(MAX_FILES)} files or ${MAX_BYTES / 1024 / 1024} MiB`;
      const message = `${server} sends more than ${room} at once: ${countText(removed.length, 'file')} removed unread, ${namesOf(removed)}`;
      problems.set(server, { condition: 'SpoolBounded', reason: 'Overflow', message });
    } catch (error) {
      const message = `${server}: what is too much cannot be removed: ${messageOf(error)}`;
      problems.set(server, { condition: 'SpoolBounded', reason: 'CannotRemove', message });
    }
  }
  return problems;
}

function namesOf(names: readonly string[]): string {
  const shown = `first ${names.slice(0, SHOWN_NAMES).join(', ')}`;
  const more = names.length - SHOWN_NAMES;
  return more > 0 ? `${shown} and ${numberText(more)} more` : shown;
}

/** The names of what went. */
function boundFolder(
  { spoolFiles }: World,
  folder: string,
  entries: readonly SpoolEntry[],
): readonly string[] {
  return overflowOf(spoolFiles, folder, entries)
    .filter(({ entry, stamp }) => spoolFiles.remove(folder, entry, stamp))
    .map(({ entry }) => entry.name);
}

function overflowOf(
  spoolFiles: SpoolFiles,
  folder: string,
  entries: readonly SpoolEntry[],
): readonly (SpoolMeasure & { readonly entry: SpoolEntry })[] {
  return overflow(
    entries.flatMap((entry) => {
      const measure = spoolFiles.measure(folder, entry);
      return measure === undefined ? [] : [{ ...measure, entry }];
    }),
  );
}
