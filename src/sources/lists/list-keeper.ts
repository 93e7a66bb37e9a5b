/**
 * The keeper of one list: reads its file when that changed, and goes on from its last good content where the file is
 * missing or not to be believed. What is kept on disk serves the next process, which reads the file only where it
 * changed since.
 */
import { join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { fetchedFolder, notePath, readNote, sourceOf, type FetchedNote } from '../../lists/fetched-note.ts';
import { NetTable } from '../../lists/table/net-table.ts';
import type { ListPolicy } from '../../policy/list-schema.ts';
import type { Files } from '../../system/files/files.ts';
import { LastGood } from '../last-good.ts';
import { decodeKept, encodeKept, type KeptList } from './kept-list.ts';
import type { ListInForce } from './list-in-force.ts';
import { keptFolder, listPath, shownSource, sourceName } from './list-place.ts';
import { shrunk, troubleOf, type Badness } from './list-trouble.ts';
import { readList } from './read-list.ts';

export interface ListWorld {
  readonly config: Pick<Config, 'lists'>;
  readonly files: Files;
  readonly now: () => number;
}

export class ListKeeper {
  readonly #world: ListWorld;
  readonly #lastGood: LastGood;
  #policy: ListPolicy;
  #good: KeptList | undefined;
  /** As it is on disk. */
  #kept: KeptList | undefined;
  #bad: Badness | undefined;
  #note: FetchedNote | undefined;
  /** Of the file, and of its note, as they were last read. */
  #seen: string | undefined;
  #seenNote: string | undefined;
  #reading: Promise<void> | undefined;
  /** True where something else is in force, or wrong, than when it was last asked. */
  isNew = true;

  private constructor(world: ListWorld, policy: ListPolicy) {
    this.#world = world;
    this.#policy = policy;
    this.#lastGood = new LastGood(world.files, join(keptFolder(world.config), policy.name));
  }

  /** One that knows what was kept, and has not looked at the file. */
  static async open(world: ListWorld, policy: ListPolicy): Promise<ListKeeper> {
    const keeper = new ListKeeper(world, policy);
    const bytes = await keeper.#lastGood.read();
    keeper.#kept = bytes === undefined ? undefined : decodeKept(bytes);
    keeper.#good = keeper.#kept;
    // What was refused is refused again.
    if (keeper.#good?.refused === undefined) keeper.#seen = keeper.#good?.stamp;
    return keeper;
  }

  /** What the policy says of it now. */
  obey(policy: ListPolicy): void {
    this.#policy = policy;
  }

  /** True where the file is not as it was last read; while it is read, false. */
  get hasChanged(): boolean {
    if (this.#reading !== undefined) return false;
    return this.#stamp() !== this.#seen || this.#noteStamp() !== this.#seenNote;
  }

  /** Reads it, once at a time. */
  async read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
      this.isNew = true;
    });
    await this.#reading;
  }

  inForce(): ListInForce {
    const { name, note, stale } = this.#policy;
    const good = this.#good;
    const [confirmed, takenAt, fetched] = [this.#confirmed(), good?.takenAt, this.#fetched()];
    const trouble = troubleOf(
      { name, path: this.#path, takenAt, bad: this.#bad, confirmed, stale, fetched },
      this.#world.now(),
    );
    return {
      ...{ name, note, from: shownSource(this.#policy), takenAt, confirmed, trouble },
      table: good?.content.table ?? NOTHING,
      facts: good?.content.facts,
    };
  }

  /** Keeps what is in force for the next process, where that is new; returns what was in force before. */
  async keep(): Promise<{ readonly before: KeptList | undefined; readonly now: KeptList } | undefined> {
    const [before, now] = [this.#kept, this.#good];
    if (now === undefined || now === before) return undefined;
    await this.#lastGood.keep(encodeKept(now));
    this.#kept = now;
    return { before, now };
  }

  async #read(): Promise<void> {
    const { from, name, format, max } = this.#policy;
    const { files, config, now } = this.#world;
    const [stamp, noteStamp] = [this.#stamp(), this.#noteStamp()];
    if (from.kind === 'url') this.#note = await readNote(files, fetchedFolder(config), name);
    this.#seenNote = noteStamp;
    // What was fetched from another URL is no content of this one.
    if (stamp === this.#seen || this.#fetched() === null) return;
    const path = this.#path;
    const modified = files.modified(path) ?? 0;
    const read = await readList(files, path, { format, max, before: this.#good?.content.table });
    // Who writes it in place is not done yet: the next look finds the rest.
    if (this.#stamp() !== stamp) return;
    this.#seen = stamp;
    if (read.kind === 'bad') this.#bad = read;
    else {
      const { content } = read;
      this.#take({
        source: sourceName(this.#policy),
        stamp,
        modified,
        takenAt: now(),
        content,
        refused: undefined,
      });
    }
  }

  #take(young: KeptList): void {
    const old = this.#good;
    const { modified } = young;
    const { sha256, entries } = young.content.facts;
    const { entries: before = 0, sha256: known } = old?.content.facts ?? {};
    if (old?.source === young.source && entries * 2 < before) {
      const { refused } = old;
      // Whoever writes the same again means it.
      if (refused?.sha256 !== sha256 || modified <= refused.modified) {
        if (refused?.sha256 !== sha256) this.#good = { ...old, refused: { sha256, modified } };
        this.#bad = shrunk({ now: entries, before, path: this.#path });
        return;
      }
    }
    this.#bad = undefined;
    const isSame = old !== undefined && known === sha256;
    this.#good = isSame
      ? { ...young, takenAt: old.takenAt, content: { ...young.content, table: old.content.table } }
      : young;
  }

  get #path(): string {
    return listPath(this.#policy, this.#world.config);
  }

  /** Of the file, and of the words of the policy that it is read by. */
  #stamp(): string {
    const { format = '', max } = this.#policy;
    return `${sourceName(this.#policy)} ${format} ${max} ${this.#world.files.stamp(this.#path) ?? 'missing'}`;
  }

  #noteStamp(): string | undefined {
    const { from, name } = this.#policy;
    const { files, config } = this.#world;
    return from.kind === 'url' ? files.stamp(notePath(fetchedFolder(config), name)) : undefined;
  }

  /** What the fetcher noted of this URL; null: nothing yet. Undefined where the list is not fetched. */
  #fetched(): FetchedNote | null | undefined {
    const { from } = this.#policy;
    if (from.kind === 'file') return undefined;
    return this.#note?.source === sourceOf(from.url) ? this.#note : null;
  }

  #confirmed(): number | undefined {
    if (this.#good?.source !== sourceName(this.#policy)) return this.#good?.modified;
    return this.#fetched()?.confirmedAt ?? this.#good.modified;
  }
}

const NOTHING = new NetTable({ ipv4: new Map(), ipv6: new Map() });
