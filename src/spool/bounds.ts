/** Keeps what waits in each server's folder within its room, whatever way it came. */
import { join } from 'node:path';
import { countText, numberText } from '../domain/words.ts';
import { MAX_BYTES, MAX_FILES, overflow } from './overflow.ts';
import { listServer, sweep, type ServerFolder } from './sweep.ts';
import { messageOf } from '../system/error.ts';
import type { SpoolEntry, SpoolFiles, SpoolMeasure } from '../system/files/spool-files.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { World } from '../world/world.ts';

/** How often the folders are looked through. */
const EVERY_MS = 2_000;

/**
 * To look at each file of a flood takes time that belongs to the others' bans: a tenth of it, in slices of such a
 * length.
 */
const SHARE = 0.1;
const MIN_SLICE_MS = 10;
const MAX_SLICE_MS = 100;
/** Files that are looked at, or removed, before the clock is. */
const AT_A_TIME = 100;

/**
 * What was removed is gone at once, and somebody is to see that it was: who asks for the status every five minutes
 * too.
 */
const TOLD_MS = 600_000;

/** Of what was removed from one server's folder at a time. */
const SHOWN_NAMES = 3;

export interface BoundsOptions {
  /** A full pass looks at any time. */
  readonly kind: PassKind;
  /** False where all was taken in and nobody's transfer is under way: nothing can be too much. */
  readonly isLeft: boolean;
  /** True where no other pass follows, which would go on with it. */
  readonly toTheEnd: boolean;
}

export class Bounds {
  readonly #world: World;
  readonly #clock: () => number;
  #begunAt = -Infinity;
  #slicedAt = -Infinity;
  /** What is left to do of a look through the folders. */
  #walk: Iterator<void> | undefined;
  /** The last of each server. */
  readonly #told = new Map<string, { readonly at: number; readonly problem: Problem }>();

  /** `clock`: in milliseconds. */
  constructor(world: World, clock: () => number = () => performance.now()) {
    this.#world = world;
    this.#clock = clock;
  }

  /** Looks through the folders now and then, a slice in each pass. To be called when what was taken in is gone. */
  keep({ kind, isLeft, toTheEnd }: BoundsOptions): void {
    const now = this.#clock();
    if (!isLeft && kind !== 'full') this.#walk = undefined;
    else if (this.#walk === undefined && (kind === 'full' || now - this.#begunAt >= EVERY_MS)) {
      this.#begunAt = now;
      this.#walk = boundFolders(this.#world, (server, problem) => {
        this.#told.set(server, { at: this.#clock(), problem });
      });
    }
    if (this.#walk === undefined) return;
    const slice = Math.min(Math.max((now - this.#slicedAt) * SHARE, MIN_SLICE_MS), MAX_SLICE_MS);
    do {
      if (this.#walk.next().done !== true) continue;
      this.#walk = undefined;
      break;
    } while (toTheEnd || this.#clock() - now < slice);
    this.#slicedAt = this.#clock();
  }

  /**
   * True where temporaries alone, for which there is no pass, may be too much, and where a look is to go on: the next
   * pass sees to it.
   */
  isOverfull(strays: ReadonlyMap<string, readonly SpoolEntry[]>): boolean {
    const now = this.#clock();
    if (this.#walk !== undefined) return now - this.#slicedAt >= MIN_SLICE_MS / SHARE;
    if (now - this.#begunAt < EVERY_MS) return false;
    const mayBe = this.#mayOverflow(strays, now + MIN_SLICE_MS);
    this.#begunAt = mayBe ? -Infinity : now;
    return mayBe;
  }

  /** Also true when there was no time to tell. */
  #mayOverflow(strays: ReadonlyMap<string, readonly SpoolEntry[]>, deadline: number): boolean {
    const { config, spoolFiles } = this.#world;
    for (const [server, entries] of strays) {
      const folder = join(config.spool, server);
      const measured: Measured[] = [];
      for (const batch of measureInBatches(spoolFiles, folder, entries)) {
        if (this.#clock() >= deadline) return true;
        measured.push(...batch);
      }
      if (overflow(measured).length > 0) return true;
    }
    return false;
  }

  /** What was too much a short while ago, also where nothing is any more. */
  get problems(): readonly Problem[] {
    const now = this.#clock();
    for (const [server, { at }] of this.#told) if (now - at >= TOLD_MS) this.#told.delete(server);
    return Array.from(this.#told.values(), ({ problem }) => problem);
  }
}

/** Removes what is beyond it, unread: there may be gigabytes of it. Stops at each yield, to go on in another pass. */
function* boundFolders(world: World, tell: (server: string, problem: Problem) => void): Generator<void> {
  const { config, spoolFiles } = world;
  for (const server of sweep(config.spool, spoolFiles, () => NOTHING).servers) {
    try {
      const removed = yield* boundFolder(world, server);
      if (removed.length === 0) continue;
      const room = `${numberText(MAX_FILES)} files or ${MAX_BYTES / 1024 / 1024} MiB`;
      const message = `${server} sends more than ${room} at once: ${countText(removed.length, 'file')} removed unread: ${namesOf(removed)}`;
      tell(server, { condition: 'SpoolBounded', reason: 'Overflow', message });
    } catch (error) {
      const message = `${server}: cannot remove excess files: ${messageOf(error)}`;
      tell(server, { condition: 'SpoolBounded', reason: 'CannotRemove', message });
    }
  }
}

/** For who asks only which servers there are. */
const NOTHING: ServerFolder = { delivered: [], others: [] };

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  const more = names.length - SHOWN_NAMES;
  return more > 0 ? `${shown} and ${numberText(more)} more` : shown;
}

/** The names of what went. */
function* boundFolder({ config, spoolFiles }: World, server: string): Generator<void, readonly string[]> {
  const folder = join(config.spool, server);
  const { delivered, others } = listServer(config.spool, server, spoolFiles) ?? NOTHING;
  const measured: Measured[] = [];
  for (const batch of measureInBatches(spoolFiles, folder, [...delivered, ...others])) {
    measured.push(...batch);
    yield;
  }
  const removed: string[] = [];
  for (const [index, { entry, stamp }] of overflow(measured).entries()) {
    if (spoolFiles.remove(folder, entry, stamp)) removed.push(entry.name);
    if (index % AT_A_TIME === AT_A_TIME - 1) yield;
  }
  return removed;
}

type Measured = SpoolMeasure & { readonly entry: SpoolEntry };

function* measureInBatches(
  spoolFiles: SpoolFiles,
  folder: string,
  entries: readonly SpoolEntry[],
): Generator<readonly Measured[]> {
  for (let start = 0; start < entries.length; start += AT_A_TIME) {
    yield entries.slice(start, start + AT_A_TIME).flatMap((entry) => {
      const measure = spoolFiles.measure(folder, entry);
      return measure === undefined ? [] : [{ ...measure, entry }];
    });
  }
}
