/**
 * What tells a state that vanished from one that never was: without it the first pass after a folder was moved, or not
 * mounted, would be a first start, in which every ban of ours is somebody else's and nobody is allowed. The mark stands
 * outside of the folder, in two places: beside it, and in the runtime folder, which is there as long as the rules are.
 */
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { FAMILIES, type Family } from '../domain/net.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { readJson } from '../yaml/read-json.ts';

interface Marked {
  /** The folder of the state that it speaks of: another one, where the config named another before. */
  readonly state: string;
  /** The newest commit of ours that is known here; undefined while the state is only about to begin. */
  readonly commit: string | undefined;
  /** Families that could not be read at the first start: their bans are still to be adopted. */
  readonly pending: readonly Family[];
}

/** After a reboot the newest commit that is known of may be this old: the mark beside the state is on a disk. */
const EVERYWHERE_EVERY_MS = 60_000;

type MarkWorld = Pick<LedgerWorld, 'config' | 'files' | 'now'>;

export class Mark {
  readonly #world: MarkWorld;
  /** When it was last noted everywhere that there is a state. */
  #notedAt: number | undefined;
  /** True once no family waits any more for its bans to be adopted. */
  #isAllAdopted = false;
  /** What each file said when it had that stamp. */
  readonly #known = new Map<string, { readonly stamp: string; readonly marked: Marked }>();

  constructor(world: MarkWorld) {
    this.#world = world;
  }

  /** Where it is. */
  get paths(): readonly string[] {
    const { config } = this.#world;
    return [...new Set([join(config.runtime, 'state.begun'), `${config.state}.begun`])];
  }

  /** True once this process noted a commit everywhere. */
  get isNoted(): boolean {
    return this.#notedAt !== undefined;
  }

  /** Undefined before the first start, and after somebody said that there was none. */
  async read(): Promise<Marked | undefined> {
    const { config } = this.#world;
    const found: Marked[] = [];
    for (const path of this.paths) {
      const known = this.#known.get(path);
      // A ban waits for this, several times: a file that is as it was is not read again.
      const isAsKnown = known !== undefined && known.stamp === this.#stampOf(path);
      const marked = isAsKnown ? known.marked : await this.#readFile(path);
      if (marked !== undefined) found.push(marked);
    }
    // The one in the runtime folder comes first and is newer: it is written with each commit.
    return found.find(({ state }) => state === config.state) ?? found[0];
  }

  /** Families whose bans are still to be adopted; they only ever become less. */
  async pendingFamilies(): Promise<readonly Family[]> {
    if (this.#isAllAdopted) return [];
    const pending = (await this.read())?.pending ?? [];
    this.#isAllAdopted = pending.length === 0;
    return this.#world.config.families.filter((family) => pending.includes(family));
  }

  /** Notes that there is a state, and the families whose bans are still to be adopted. */
  async begin(pending: readonly Family[]): Promise<void> {
    await this.#write({ commit: (await this.read())?.commit, pending }, this.paths);
  }

  /** Notes the newest commit. */
  async noteCommit(commit: string): Promise<void> {
    const { now } = this.#world;
    const everywhere = now() - (this.#notedAt ?? -Infinity) > EVERYWHERE_EVERY_MS;
    const pending = this.#isAllAdopted ? [] : ((await this.read())?.pending ?? []);
    await this.#write({ commit, pending }, everywhere ? this.paths : this.paths.slice(0, 1));
    if (everywhere && (await this.read())?.commit === commit) this.#notedAt = now();
  }

  /** Forgets that there was a state, but for families that are still `pending`; throws where it cannot be removed. */
  async forget(pending: readonly Family[]): Promise<void> {
    for (const path of this.paths) await this.#world.files.remove(path);
    if (pending.length > 0) await this.#write({ commit: undefined, pending }, this.paths);
  }

  async #readFile(path: string): Promise<Marked | undefined> {
    const stamp = this.#stampOf(path);
    const text = await this.#world.files.read(path).catch(() => undefined);
    const marked = text === undefined ? undefined : parseMark(text);
    if (stamp === undefined || marked === undefined) this.#known.delete(path);
    else this.#known.set(path, { stamp, marked });
    return marked;
  }

  /** Undefined also where nobody can say. */
  #stampOf(path: string): string | undefined {
    try {
      return this.#world.files.stamp(path);
    } catch {
      return undefined;
    }
  }

  /** What cannot be written is told of elsewhere. */
  async #write(
    { commit, pending }: Pick<Marked, 'commit' | 'pending'>,
    paths: readonly string[],
  ): Promise<void> {
    const { config, files } = this.#world;
    const mark = {
      state: config.state,
      ...(commit !== undefined && { commit }),
      ...(pending.length > 0 && { pending }),
    };
    const text = `${JSON.stringify(mark)}\n`;
    for (const path of paths) {
      if ((await files.read(path).catch(() => undefined)) === text) continue;
      const written = files.makeFolder(dirname(path)).then(() => files.write(path, text));
      await written.catch(() => undefined);
    }
    // The next pass knows it then.
    await this.read();
  }
}

const schema = v.object({
  state: v.string(),
  commit: v.optional(v.string()),
  pending: v.optional(v.array(v.picklist(FAMILIES)), []),
});

/** Undefined for any other text: a power cut may leave it without a byte. */
function parseMark(text: string): Marked | undefined {
  const read = readJson(schema, text);
  return read === undefined ? undefined : { ...read, commit: read.commit };
}
