/**
 * The state on disk: `claims/FAMILY/SHARD.yaml`, the same below `peers` and `seen`, and `servers/SERVER.yaml`. Files
 * are read again only when they changed, so that a person's edit or another process's pass is seen, and written only
 * when their part of the state changed. The caller holds the lock.
 */
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BanspoolError } from '../../system/error.ts';
import type { Files } from '../../system/files/files.ts';
import type { Mistake } from '../../yaml/mistake.ts';
import type { Claim } from '../../claims/claim.ts';
import { forgetMoved, noteMoved } from './moved-files.ts';
import {
  assemble,
  emptyPart,
  encodePart,
  HEARD_FILE,
  isEmpty,
  mayBeEmpty,
  partsOf,
  readPart,
  type Part,
} from './parts.ts';
import { EMPTY_STATE, type State } from '../../claims/state.ts';

export interface Damage extends Mistake {
  readonly file: string;
}

export type Loaded =
  | { readonly kind: 'loaded'; readonly state: State }
  | { readonly kind: 'damaged'; readonly damages: readonly Damage[] }
  | { readonly kind: 'lacking' };

/** Where its files are, below the state's folder. */
export const FOLDERS = [
  ...['claims/ipv4', 'claims/ipv6', 'servers', 'peers', 'peers/ipv4', 'peers/ipv6'],
  ...['seen/ipv4', 'seen/ipv6'],
] as const;

interface Known {
  readonly stamp: string | undefined;
  /** What the file holds; undefined when that stands elsewhere in the state, so that it will be written anew. */
  readonly part: Part | undefined;
}

/** Some ten milliseconds where there are a million claims; then others have their turn. */
const FILES_AT_ONCE = 8;

/** Of a load that a move of files runs into. */
const MAX_TRIES = 5;

export class StateStore {
  readonly folder: string;
  readonly #files: Files;
  #known = new Map<string, Known>();
  #hasMoved = false;
  #state: State = EMPTY_STATE;

  constructor(folder: string, files: Files) {
    this.folder = folder;
    this.#files = files;
  }

  /** As last loaded or saved. */
  get current(): State {
    return this.#state;
  }

  /**
   * The state as it is on disk; the same object as before when no file changed. A file that was there and is not any
   * more makes it `lacking`, until the caller knows that it was meant to go and says `mayLack`.
   */
  async load({ mayLack } = { mayLack: false }): Promise<Loaded> {
    for (let tries = MAX_TRIES; tries > 0; tries -= 1) {
      const loaded = await this.#load(mayLack);
      if (loaded !== undefined) return loaded;
    }
    return { kind: 'lacking' };
  }

  /** Undefined when a file went while it was to be read: the holder of the lock moved its claims to another. */
  async #load(mayLack: boolean): Promise<Loaded | undefined> {
    const paths = await this.#list();
    const stamps = new Map(paths.map((path) => [path, this.#stamp(path)]));
    // What stands in the wrong file is in no part, and is read again until it was saved where it belongs.
    const isAsKnown = ({ part, stamp }: Known, path: string): boolean =>
      part !== undefined && stamp === stamps.get(path);
    const isGone = Array.from(this.#known.keys()).some((path) => !stamps.has(path));
    if (isGone && !mayLack) return { kind: 'lacking' };
    if (
      !isGone &&
      this.#known.size === paths.length &&
      Array.from(this.#known).every(([path, old]) => isAsKnown(old, path))
    )
      return { kind: 'loaded', state: this.#state };

    const known = new Map<string, Known>();
    const damages: Damage[] = [];
    const strays: Claim[] = [];
    for (const [index, path] of paths.entries()) {
      const old = this.#known.get(path);
      if (old !== undefined && isAsKnown(old, path)) {
        known.set(path, old);
        continue;
      }
      const stamp = stamps.get(path);
      const content = this.#files.readBytesNow(join(this.folder, path));
      if (index % FILES_AT_ONCE === 0) await setImmediate();
      if (content === undefined) return undefined;
      const read = readPart(path, content);
      if (read.kind === 'mistakes')
        damages.push(...read.mistakes.map((mistake) => ({ file: path, ...mistake })));
      else {
        known.set(path, { stamp, part: read.strays.length === 0 ? read.part : undefined });
        strays.push(...read.strays);
      }
    }
    if (damages.length > 0) return { kind: 'damaged', damages };
    this.#known = known;
    this.#state = this.#assemble(strays);
    return { kind: 'loaded', state: this.#state };
  }

  /** True when a file changed since it was last loaded or saved; needs no lock and reads no file. */
  async isStale(): Promise<boolean> {
    const paths = await this.#list();
    return (
      paths.length !== this.#known.size ||
      paths.some((path) => this.#known.get(path)?.stamp !== this.#stamp(path))
    );
  }

  /** True when there is a file of claims, or of what a server said. */
  async hasFiles(): Promise<boolean> {
    return (await this.#list()).length > 0;
  }

  /**
   * Writes what changed, durably, and says which files. If we stop between two files, each is whole, and what is
   * missing is still in the spool.
   */
  async save(state: State, checkLock: () => void): Promise<readonly string[]> {
    const wanted = new Map<string, Part>(partsOf(state, (path) => this.#known.get(path)?.part));
    // A list of nothing, not no file: a file that is missing is always a loss.
    const moved: string[] = [];
    for (const [path, { part }] of this.#known) {
      if (wanted.has(path)) continue;
      if (!mayBeEmpty(path)) moved.push(path);
      else if (!isEmpty(part)) wanted.set(path, emptyPart(path));
    }
    const writes = Array.from(wanted).filter(([path, part]) => this.#known.get(path)?.part !== part);
    if (writes.length + moved.length === 0) {
      this.#state = state;
      return [];
    }

    checkLock();
    this.#requireUntouched([...writes.map(([path]) => path), ...moved]);
    const last = writes.filter(([path]) => this.#isLast(path));
    await this.#write(writes.filter(([path]) => !this.#isLast(path)));
    await this.#write(last);
    if (moved.length > 0) await this.#remove(moved);

    this.#state = state;
    return [...writes.map(([path]) => path), ...moved];
  }

  /** Some files went, and git may have them still. */
  get hasMoved(): boolean {
    return this.#hasMoved;
  }

  /** To be called after a commit: what went is no loss to git any more. */
  async noteCommitted(): Promise<void> {
    // Also what a process noted that was killed before it came to this.
    await forgetMoved(this.folder, this.#files);
    this.#hasMoved = false;
  }

  /**
   * True for what is written when all else is on the disk: what a claim is moved out of, which a power cut is to leave
   * in one file at the least, and what was heard of peers, which says that all of it was taken in.
   */
  #isLast(path: string): boolean {
    const known = this.#known.get(path);
    return path === HEARD_FILE || (known !== undefined && known.part === undefined);
  }

  async #write(writes: readonly (readonly [path: string, part: Part])[]): Promise<void> {
    const folders = new Set(writes.map(([path]) => dirname(path)));
    for (const folder of folders) await this.#files.makeFolder(join(this.folder, folder));
    // All of them end, also when one fails: none may still be writing when the lock is another's.
    const ends = await Promise.allSettled(
      writes.map(async ([path, part]) => {
        await this.#files.write(join(this.folder, path), encodePart(path, part));
        this.#known.set(path, { stamp: this.#stamp(path), part });
      }),
    );
    const failure = ends.find((each) => each.status === 'rejected');
    if (failure !== undefined) {
      this.#state = this.#assemble([]);
      throw failure.reason;
    }
    for (const folder of folders) await this.#files.syncFolder(join(this.folder, folder));
  }

  async #remove(paths: readonly string[]): Promise<void> {
    await noteMoved(this.folder, this.#files, paths);
    this.#hasMoved = true;
    for (const path of paths) {
      this.#files.removeNow(join(this.folder, path));
      this.#known.delete(path);
    }
  }

  #assemble(strays: readonly Claim[]): State {
    return assemble(
      Array.from(this.#known, ([path, { part }]) => [path, part] as const),
      strays,
    );
  }

  /** What a person saved since it was read would be written over: the next pass reads it first. */
  #requireUntouched(paths: readonly string[]): void {
    const touched = paths.find((path) => this.#stamp(path) !== this.#known.get(path)?.stamp);
    if (touched === undefined) return;
    throw new BanspoolError('io', `${touched} was edited during the pass; the next pass reads it again`);
  }

  async #list(): Promise<readonly string[]> {
    const lists = await Promise.all(
      FOLDERS.map(async (folder) => {
        const names = await this.#files.names(join(this.folder, folder));
        return names.filter((name) => /^[^.].*\.yaml$/.test(name)).map((name) => `${folder}/${name}`);
      }),
    );
    return lists.flat();
  }

  #stamp(path: string): string | undefined {
    return this.#files.stamp(join(this.folder, path));
  }
}
