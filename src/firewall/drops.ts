/**
 * What is dropped, in packets and bytes: of each net that is banned, as counted where it stands, and of each jail since
 * this process began to look. A net's own count ends with its ban; that of a jail never goes down.
 */
import type { Family } from '../domain/net.ts';
import type { Dataplane, Observed, Ruleset } from './dataplane.ts';

export interface Drops {
  readonly packets: number;
  readonly bytes: number;
}

/** Of one net, in the chain of one jail. */
export interface NetDrops extends Drops {
  /** Address or network, in its canonical text. */
  readonly ip: string;
  readonly family: Family;
  /** `policy` for what policy.yaml denies. */
  readonly jail: string;
  readonly chain: string;
}

/** Of all nets of one jail, in one family. */
export interface JailDrops extends Drops {
  readonly jail: string;
  readonly family: Family;
}

/** One family's firewall, as somebody looked at it: a preview's, or the one of the last pass. */
export interface Looked {
  readonly dataplane: Dataplane;
  readonly ruleset: Ruleset;
  readonly observed: Observed;
}

/** Each net that dropped something; the others, and those that nobody counts, are left out. */
export function* eachDrops(families: Iterable<Looked>): Generator<NetDrops> {
  for (const { dataplane, ruleset, observed } of families) yield* dataplane.drops(ruleset, observed);
}

/** What each jail of a family dropped, look by look. */
export class FamilyDrops {
  #looked: Looked | undefined;
  readonly #totals = new Map<string, JailDrops>();

  /** Takes another look in. What the first one finds was counted before, and is not of this process. */
  note(looked: Looked): void {
    const { dataplane, ruleset, observed } = looked;
    const since =
      this.#looked === undefined ? [] : dataplane.droppedSince(this.#looked.observed, ruleset, observed);
    this.#looked = looked;
    for (const { jail, family, packets, bytes } of since) {
      const known = this.#totals.get(jail);
      const sum = { packets: packets + (known?.packets ?? 0), bytes: bytes + (known?.bytes ?? 0) };
      this.#totals.set(jail, { jail, family, ...sum });
    }
  }

  /** The last look; none before the first. */
  get looked(): readonly Looked[] {
    return this.#looked === undefined ? [] : [this.#looked];
  }

  /** By jail, also of those that have no bans any more. */
  get totals(): Iterable<JailDrops> {
    return this.#totals.values();
  }
}
