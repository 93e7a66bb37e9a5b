/**
 * The keeper of the lists of policy.yaml: what of each counts, and what is wrong with it. Single passes and commands
 * read a changed file at once. Beside the passes of a controller it is read in pieces, while the last good content
 * stays in force, so that no ban waits for a million lines.
 */
import { join } from 'node:path';
import type { Problem } from '../../domain/conditions.ts';
import type { ListPolicy } from '../../policy/list-schema.ts';
import { listLine } from '../../ledger/notes.ts';
import { messageOf } from '../../system/error.ts';
import { LastGood } from '../last-good.ts';
import { decodeKept } from './kept-list.ts';
import { ListKeeper, type ListWorld } from './list-keeper.ts';
import type { ListInForce } from './list-in-force.ts';
import { keptFolder } from './list-place.ts';
import { SHOWN_HASH } from './list-view.ts';

interface GivenLists {
  readonly lists: readonly ListInForce[];
  /** True where it differs from what was given the last time. */
  readonly isNew: boolean;
}

export class Lists {
  readonly #world: ListWorld;
  readonly #keepers = new Map<string, ListKeeper>();
  #isFirst = true;
  /** Called when a file was read; undefined where whoever asks waits for that. */
  #ring: (() => void) | undefined;
  #given: readonly ListInForce[] = [];
  /** What keeps contents from being kept. */
  #notKept: readonly Problem[] = [];
  /** Names of the lists whose contents alone are in the folder. */
  #cleared: string | undefined;

  constructor(world: ListWorld) {
    this.#world = world;
  }

  /** From now on files are read beside the passes; `ring` is called when one was. */
  readBeside(ring: () => void): void {
    this.#ring = ring;
  }

  /** What is in force of these lists now. */
  async give(policies: readonly ListPolicy[]): Promise<GivenLists> {
    let isNew = this.#forgetOthers(policies);
    for (const policy of policies) {
      let keeper = this.#keepers.get(policy.name);
      if (keeper === undefined) {
        keeper = await ListKeeper.open(this.#world, policy);
        this.#keepers.set(policy.name, keeper);
      }
      keeper.obey(policy);
      if (keeper.hasChanged) await this.#read(keeper);
      isNew ||= keeper.isNew;
      keeper.isNew = false;
    }
    const wasFirst = this.#isFirst;
    this.#isFirst = false;
    this.#given = policies.flatMap(({ name }) => this.#keepers.get(name)?.inForce() ?? []);
    return { lists: this.#given, isNew: isNew && !wasFirst };
  }

  /** True when there is more to give than when it was last asked; begins to read what changed. */
  hasNews(): boolean {
    const keepers = Array.from(this.#keepers.values());
    for (const keeper of keepers) if (keeper.hasChanged) void this.#read(keeper);
    return keepers.some(({ isNew }) => isNew);
  }

  problems(): readonly Problem[] {
    const troubles = this.#given.flatMap(({ trouble }) => (trouble === undefined ? [] : [trouble]));
    return [
      ...troubles.map((trouble): Problem => ({ condition: 'ListsFresh', ...trouble })),
      ...this.#notKept,
    ];
  }

  /**
   * Keeps what is in force for the next process, and nothing of lists that are no more. Returns a line for each list
   * that is another than what was kept before.
   */
  async keep(): Promise<readonly string[]> {
    const lines: string[] = [];
    const notKept: Problem[] = [];
    for (const [name, keeper] of this.#keepers) {
      try {
        const kept = await keeper.keep();
        const [before, now] = [kept?.before?.content.facts, kept?.now.content.facts];
        if (now !== undefined && now.sha256 !== before?.sha256)
          lines.push(changeLine(name, before?.entries, now));
      } catch (error) {
        const message = `list ${name}: its content cannot be kept for the next start: ${messageOf(error)}`;
        notKept.push({ condition: 'ListsFresh', reason: 'NotKept', message });
      }
    }
    this.#notKept = notKept;
    return [...lines, ...(await this.#clear())];
  }

  async #read(keeper: ListKeeper): Promise<void> {
    const ring = this.#ring;
    if (ring === undefined) await keeper.read();
    else void keeper.read().finally(ring);
  }

  #forgetOthers(policies: readonly ListPolicy[]): boolean {
    const gone = Array.from(this.#keepers.keys()).filter(
      (name) => !policies.some((each) => each.name === name),
    );
    for (const name of gone) this.#keepers.delete(name);
    return gone.length > 0;
  }

  /** Removes what is kept of lists that the policy has no more. */
  async #clear(): Promise<readonly string[]> {
    const named = Array.from(this.#keepers.keys()).join(' ');
    if (named === this.#cleared) return [];
    const { files, config } = this.#world;
    const folder = keptFolder(config);
    const lines: string[] = [];
    for (const name of await files.names(folder)) {
      if (this.#keepers.has(name)) continue;
      const lastGood = new LastGood(files, join(folder, name));
      const bytes = await lastGood.read();
      const kept = bytes === undefined ? undefined : decodeKept(bytes);
      if (kept !== undefined) lines.push(changeLine(name, kept.content.facts.entries));
      await lastGood.forget();
    }
    this.#cleared = named;
    return lines;
  }
}

function changeLine(
  name: string,
  before = 0,
  now?: { readonly entries: number; readonly sha256: string },
): string {
  return listLine({ name, before, after: now?.entries ?? 0, sha256: now?.sha256.slice(0, SHOWN_HASH) });
}
