/**
 * The state on disk: `claims/FAMILY/SHARD.yaml` and `servers/SERVER.yaml`. Files are read again only when they
 * changed, so that a person's edit or another process's pass is seen, and written only when their part of the
 * state changed. The caller holds the lock.
 */
import { dirname, join } from 'node:path';
import { BanspoolError } from '../system/error.ts';
import type { Files } from '../system/files.ts';
import type { Mistake } from '../yaml/document.ts';
import { claimKey, type Claim } from './claim.ts';
import { decodeClaims, decodeJails, encodeClaims, encodeJails, type Decoded } from './codec.ts';
import { makeShard, shardOf, type Server, type Shard, type State } from './state.ts';

export interface Damage extends Mistake {
  readonly file: string;
}

export type Loaded =
  | { readonly kind: 'loaded'; readonly state: State }
  | { readonly kind: 'damaged'; readonly damages: readonly Damage[] }
  | { readonly kind: 'lacking' };

const FOLDERS = ['claims/ipv4', 'claims/ipv6', 'servers'] as const;

type Part = Shard | Server;

interface Known {
  readonly stamp: string | undefined;
  /** What the file holds; undefined when that stands elsewhere in the state, so that it will be written anew. */
  readonly part: Part | undefined;
}

export class StateStore {
  readonly folder: string;
  readonly #files: Files;
  #known = new Map<string, Known>();
  #state: State = { shards: new Map(), servers: new Map(), flushedBy: -Infinity };

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
    for (const path of paths) {
      const old = this.#known.get(path);
      if (old !== undefined && isAsKnown(old, path)) {
        known.set(path, old);
        continue;
      }
      const stamp = stamps.get(path);
      const text = (await this.#files.read(join(this.folder, path))) ?? '';
      const read = readPart(path, text);
      if (read.kind === 'mistakes')
        damages.push(...read.mistakes.map((mistake) => ({ file: path, ...mistake })));
      else {
        known.set(path, { stamp, part: read.strays.length === 0 ? read.part : undefined });
        strays.push(...read.strays);
      }
    }
    if (damages.length > 0) return { kind: 'damaged', damages };
    this.#known = known;
    this.#state = assemble(known, strays);
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

  /**
   * Writes what changed, durably, and says which files. If we stop between two files, each is whole, and what is
   * missing is still in the spool.
   */
  async save(state: State, checkLock: () => void): Promise<readonly string[]> {
    const wanted = new Map<string, Part>([
      ...Array.from(state.shards, ([name, shard]) => [`claims/${name}.yaml`, shard] as const),
      ...Array.from(state.servers, ([name, server]) => [`servers/${name}.yaml`, server] as const),
    ]);
    // A list of nothing, not no file: a file that is missing is always a loss.
    for (const [path, { part }] of this.#known)
      if (!wanted.has(path) && !isEmpty(part)) wanted.set(path, EMPTY_SHARD);
    const writes = Array.from(wanted).filter(([path, part]) => this.#known.get(path)?.part !== part);
    if (writes.length === 0) {
      this.#state = state;
      return [];
    }

    checkLock();
    this.#requireUntouched(writes.map(([path]) => path));
    const folders = new Set(writes.map(([path]) => dirname(path)));
    for (const folder of folders) await this.#files.makeFolder(join(this.folder, folder));
    // All of them end, also when one fails: none may still be writing when the lock is another's.
    const ends = await Promise.allSettled(
      writes.map(async ([path, part]) => {
        await this.#files.write(join(this.folder, path), encodePart(part));
        this.#known.set(path, { stamp: this.#stamp(path), part });
      }),
    );
    const failure = ends.find((each) => each.status === 'rejected');
    if (failure !== undefined) {
      this.#state = assemble(this.#known, []);
      throw failure.reason;
    }
    for (const folder of folders) await this.#files.syncFolder(join(this.folder, folder));

    this.#state = state;
    return writes.map(([path]) => path);
  }

  /** What a person saved since it was read would be written over: the next pass reads it first. */
  #requireUntouched(paths: readonly string[]): void {
    const touched = paths.find((path) => this.#stamp(path) !== this.#known.get(path)?.stamp);
    if (touched === undefined) return;
    throw new BanspoolError('io', `${touched} was edited while the pass ran; it is read again first`);
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

type ReadPart =
  | { readonly kind: 'part'; readonly part: Part; readonly strays: readonly Claim[] }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

function readPart(path: string, text: string): ReadPart {
  if (path.startsWith('servers/')) {
    const decoded = decodeJails(text);
    if (decoded.kind === 'mistakes') return decoded;
    return { kind: 'part', part: new Map(decoded.items.map(({ name, jail }) => [name, jail])), strays: [] };
  }
  const decoded: Decoded<Claim> = decodeClaims(text);
  if (decoded.kind === 'mistakes') return decoded;
  const shard = path.slice('claims/'.length, -'.yaml'.length);
  const claims = new Map(decoded.items.map((claim) => [claimKey(claim), claim]));
  const misplaced = decoded.items.some((claim) => shardOf(claim.ip) !== shard);
  return { kind: 'part', part: makeShard(claims), strays: misplaced ? decoded.items : [] };
}

const EMPTY_SHARD: Shard = makeShard(new Map());

function isEmpty(part: Part | undefined): boolean {
  return part !== undefined && 'claims' in part && part.claims.size === 0;
}

function encodePart(part: Part): string {
  return 'claims' in part ? encodeClaims(part.claims.values()) : encodeJails(part);
}

/** A claim that a person wrote into another shard's file is taken to where it belongs. */
function assemble(known: ReadonlyMap<string, Known>, strays: readonly Claim[]): State {
  const shards = new Map<string, Shard>();
  const servers = new Map<string, Server>();
  for (const [path, { part }] of known) {
    if (part === undefined) continue;
    if (isEmpty(part)) continue;
    if ('claims' in part) shards.set(path.slice('claims/'.length, -'.yaml'.length), part);
    else servers.set(path.slice('servers/'.length, -'.yaml'.length), part);
  }
  for (const claim of strays) {
    const name = shardOf(claim.ip);
    const claims = new Map(shards.get(name)?.claims);
    shards.set(name, makeShard(claims.set(claimKey(claim), claim)));
  }
  return { shards, servers, flushedBy: -Infinity };
}
