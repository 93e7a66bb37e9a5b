/**
 * Who changed the filter table between passes, and whether it is healed at once. Two programs that each put back what
 * the other took would go on for ever: after some healings in a row it is left to the interval.
 */
import { FAMILIES, type Family } from '../domain/net.ts';
import type { TableChange } from '../system/firewall/nft-monitor.ts';
import type { Problem } from '../domain/conditions.ts';

/** This many healings within this time are a fight. It is over when nothing had to be healed for as long. */
const MAX_HEALINGS = 5;
const WINDOW_MS = 60_000;

interface HeardChange extends TableChange {
  /** When it was heard, in milliseconds, by a clock that nobody sets; `steady` is that everywhere here. */
  readonly steady: number;
}

function namesOf(changes: readonly TableChange[]): readonly string[] {
  return [...new Set(changes.map(({ program, pid }) => `${program} (pid ${pid})`))];
}

export class DriftWatch {
  readonly #isOwn: (pid: number) => boolean;
  #changes: HeardChange[] = [];
  /** What had been heard when the last pass began to look. */
  #looked: readonly HeardChange[] = [];
  #healings: number[] = [];
  #fighter = '';
  #hasMissed = false;

  /** `isOwn` tells the processes that we started ourselves. */
  constructor(isOwn: (pid: number) => boolean) {
    this.#isOwn = isOwn;
  }

  /** Remembers a change of the table that the kernel told of. */
  heard(change: TableChange, steady = 0): void {
    if (this.#changes.length < MAX_REMEMBERED) this.#changes.push({ ...change, steady });
  }

  /** For a while nobody listened: there may have been anything. */
  missed(): void {
    this.#hasMissed = true;
  }

  /** True when somebody else changed a table since it was last looked at, and it may be healed at once. */
  isDue(steady: number): boolean {
    return (this.#hasMissed || this.#foreign().length > 0) && !this.#isFight(steady);
  }

  /**
   * A pass begins to look: gives the families in which somebody else changed something, where what was seen is not to
   * be trusted. What is heard from here on is for the next pass.
   */
  beginLook(): ReadonlySet<Family> {
    const suspects = this.#hasMissed ? FAMILIES : this.#foreign().map(({ family }) => family);
    this.#looked = this.#changes;
    this.#changes = [];
    this.#hasMissed = false;
    return new Set(suspects);
  }

  /** Who changed something before the look or during it, since news may come late: `iptables (pid 4711)`. */
  get culprits(): readonly string[] {
    return namesOf(this.#told());
  }

  /** The same without the number of their process. */
  get programs(): readonly string[] {
    return [...new Set(this.#told().map(({ program }) => program))];
  }

  /** `iptables (pid 4711)`, of one family. */
  culpritsIn(wanted: Family): readonly string[] {
    return namesOf(this.#told().filter(({ family }) => family === wanted));
  }

  /** When the first of them was heard. */
  since(wanted: Family): number | undefined {
    return this.#told().find(({ family }) => family === wanted)?.steady;
  }

  /**
   * How many rules went from a chain in one transaction that put none there: a flush takes all, and what a restore
   * takes it has put back.
   */
  cutIn(wanted: Family): ReadonlyMap<string, number> {
    const cut = new Map<string, number>();
    for (const { family, added, deleted } of this.#told()) {
      if (family !== wanted) continue;
      const counts = new Map<string, number>();
      for (const chain of deleted) counts.set(chain, (counts.get(chain) ?? 0) + 1);
      for (const [chain, count] of counts)
        if (!added.includes(chain)) cut.set(chain, Math.max(count, cut.get(chain) ?? 0));
    }
    return cut;
  }

  /** What others changed, as far as it is heard: before the last look and since. */
  #told(): readonly HeardChange[] {
    return [...this.#looked.filter(({ pid }) => !this.#isOwn(pid)), ...this.#foreign()];
  }

  /** A pass had to heal what these had done. */
  healed(steady: number, culprits: readonly string[]): void {
    this.#healings = [...this.#recent(steady), steady];
    this.#fighter = culprits.at(-1) ?? 'another program';
  }

  /** What keeps drift from being healed at once. */
  problem(steady: number): Problem | undefined {
    if (!this.#isFight(steady)) return undefined;
    const message = `${this.#fighter} removed banspool's rules ${this.#healings.length} times within a minute: only full passes restore them, until they stay for a minute`;
    return { condition: 'Uncontested', reason: 'Fight', message };
  }

  #foreign(): readonly HeardChange[] {
    return this.#changes.filter(({ pid }) => !this.#isOwn(pid));
  }

  #isFight(steady: number): boolean {
    return this.#recent(steady).length >= MAX_HEALINGS;
  }

  #recent(steady: number): readonly number[] {
    return this.#healings.filter((time) => steady - time < WINDOW_MS);
  }
}

/** Of a flood it is enough to know that it was one. */
const MAX_REMEMBERED = 1_000;
