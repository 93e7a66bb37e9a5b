/**
 * What waits in the spool, remembered from pass to pass: a folder of ten thousand files is not listed anew for each
 * of them, and what was read of a flood when a pass had to stop reading is not read again. All of it can be
 * forgotten.
 */
import type { SpoolEntry, SpoolFiles } from '../system/files/spool-files.ts';
import { Growing } from './growing.ts';
import { Hints } from './ahead/hints.ts';
import { Shares } from './shares.ts';
import { listServer, sweep, type ServerFolder, type Sweep } from './sweep.ts';

/** So many files in a folder are worth remembering: fewer are listed faster than that is of use. */
const LONG = 64;

/** How long a long list is trusted: what came since stands behind it anyhow, by its name. */
const TRUSTED_MS = 2_000;

/** Of long lists that were made at the same time not all are made anew at the same time. */
const MAX_LISTED_ANEW = 10;

/** A pass ends what it began, and a flood would have one follow the other: a quarter of the time is its share. */
const REST_SHARE = 3;
const MAX_REST_MS = 2_000;

/** Where nobody else speaks for so long, a flood has all the time there is. */
const CONTENDED_MS = 5_000;

/** What a file said, as far as that hangs on nothing but the file. */
interface Aside<T> {
  readonly stamp: string;
  readonly value: T;
}

export class Inbox<T> {
  readonly #spool: string;
  readonly #files: SpoolFiles;
  readonly #lists = new Map<string, { readonly folder: ServerFolder; readonly listedAt: number }>();
  #aside: ReadonlyMap<string, Aside<T>> = new Map();
  readonly shares = new Shares();
  readonly growing = new Growing();
  readonly hints: Hints;
  /** What the last reading took in. */
  #taken: GroupedNames = new Map();
  /** Servers of which the last pass left files unread. */
  crowd: ReadonlySet<string> = new Set();
  /** True when the last pass left the crowd to wait for the sake of somebody else: the next one does not. */
  hasYielded = false;
  /** True when the last pass read the crowd until its time was over. */
  hasReadCrowd = false;
  #yieldedAt = -Infinity;
  #restsUntil = -Infinity;
  #listedAnew = 0;

  constructor(spool: string, files: SpoolFiles) {
    this.#spool = spool;
    this.#files = files;
    this.hints = new Hints(spool, files);
  }

  /**
   * Something happened to this delivered file. False where a look at it alone is of no use: that a pass removes what it
   * took in is told file by file, ten thousand times in a flood, and a crowd has its turn with the others.
   */
  heard(server: string, name: Buffer): boolean {
    if (this.crowd.has(server) || this.isTaken(server, name.toString('latin1'))) return false;
    this.hints.heard(server, name);
    return true;
  }

  /** True of what the last reading took in, whether or not it is out of the spool by now. */
  isTaken(server: string, name: string): boolean {
    return this.#taken.get(server)?.has(name) === true;
  }

  /** A reading took in these files. */
  took(files: readonly { readonly server: string; readonly entry: Pick<SpoolEntry, 'name'> }[]): void {
    this.#taken = groupNames(files.map(({ server, entry: { name } }) => ({ server, name })));
  }

  /** Notes whether a pass left the crowd to wait for the sake of somebody else. */
  yielded(did: boolean): void {
    this.hasYielded = did;
    if (did) this.#yieldedAt = performance.now();
  }

  /** True when somebody beside the crowd spoke lately, and may do so again. */
  get isContended(): boolean {
    return performance.now() - this.#yieldedAt < CONTENDED_MS;
  }

  /**
   * Has the crowd wait after a pass of so many milliseconds that read it, where somebody else spoke lately: nobody
   * could interrupt it. After one that left it alone it has waited, and where one pass follows the other it would for
   * ever.
   */
  rest(passMs: number): void {
    if (this.hasReadCrowd && this.isContended && !this.isResting)
      this.#restsUntil = performance.now() + Math.min(Math.max(0, passMs) * REST_SHARE, MAX_REST_MS);
  }

  /** True while the crowd waits. */
  get isResting(): boolean {
    return this.restLeft > 0;
  }

  /** In milliseconds. */
  get restLeft(): number {
    return this.crowd.size === 0 ? 0 : Math.max(0, this.#restsUntil - performance.now());
  }

  /** As {@link sweep}, but for long lists, which are those of a moment ago without what was taken. */
  sweep(): Sweep {
    this.#listedAnew = 0;
    this.hints.clear();
    return sweep(this.#spool, this.#files, (server) => this.#list(server));
  }

  /** What waits now of these servers, where something does. */
  peek(servers: Iterable<string>): ReadonlyMap<string, readonly SpoolEntry[]> {
    const found = new Map<string, readonly SpoolEntry[]>();
    for (const server of servers) {
      const { delivered = [] } = listServer(this.#spool, server, this.#files) ?? {};
      if (delivered.length > 0) found.set(server, delivered);
    }
    return found;
  }

  /** These files are gone from the spool. */
  forget(files: readonly { readonly server: string; readonly name: string }[]): void {
    const gone = groupNames(files);
    for (const [server, names] of gone) {
      const known = this.#lists.get(server);
      if (known === undefined) continue;
      const delivered = known.folder.delivered.filter(({ name }) => !names.has(name));
      this.#lists.set(server, { ...known, folder: { ...known.folder, delivered } });
    }
  }

  /** Keeps what was read of files, by SERVER/NAME, for the next pass alone. */
  setAside(read: ReadonlyMap<string, Aside<T>>): void {
    this.#aside = read;
  }

  /** What was set aside, and is no longer. */
  takeAside(): ReadonlyMap<string, Aside<T>> {
    const aside = this.#aside;
    this.#aside = new Map();
    return aside;
  }

  #list(server: string): ServerFolder | undefined {
    const known = this.#lists.get(server);
    const isFresh = known !== undefined && performance.now() - known.listedAt < TRUSTED_MS;
    if (known !== undefined && known.folder.delivered.length > LONG) {
      if (isFresh || this.#listedAnew >= MAX_LISTED_ANEW) return known.folder;
      this.#listedAnew += 1;
    }
    const folder = listServer(this.#spool, server, this.#files);
    if (folder !== undefined && folder.delivered.length > LONG)
      this.#lists.set(server, { folder, listedAt: performance.now() });
    else this.#lists.delete(server);
    return folder;
  }
}

/** By server. */
type GroupedNames = ReadonlyMap<string, ReadonlySet<string>>;

function groupNames(files: readonly { readonly server: string; readonly name: string }[]): GroupedNames {
  const groups = new Map<string, Set<string>>();
  for (const { server, name } of files) {
    const names = groups.get(server);
    if (names === undefined) groups.set(server, new Set([name]));
    else names.add(name);
  }
  return groups;
}
