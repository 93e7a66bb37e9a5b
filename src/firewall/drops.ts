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
  /** `policy` for what policy.yaml denies, `other` for those beyond the first 200. */
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

/** Chains that drop nets which nobody counts one by one: of these it is not known what each dropped. */
export function uncountedChains(families: Iterable<Looked>): readonly string[] {
  const chains = Array.from(families).flatMap(({ dataplane, ruleset, observed }) =>
    dataplane.uncounted(ruleset, observed),
  );
  return [...new Set(chains)];
}

/** Names of jails come from servers: more than so many of a family are told together. */
const MOST_JAILS = 200;
const OTHER_JAILS = 'other';

/** What each jail of a family dropped, look by look. */
export class FamilyDrops {
  #looked: Looked | undefined;
  readonly #totals = new Map<string, JailDrops>();

  /** Takes another look in. What the first one finds was counted before, and is not of this process. */
  note(looked: Looked): void {
    const { dataplane, ruleset, observed } = looked;
    for (const drops of dataplane.droppedSince(this.#looked?.observed, ruleset, observed)) this.#add(drops);
    this.#looked = looked;
  }

  #add({ jail, family, packets, bytes }: JailDrops): void {
    const isNamed = this.#totals.has(jail) || this.#totals.size < MOST_JAILS;
    const name = isNamed ? jail : OTHER_JAILS;
    const known = this.#totals.get(name);
    const sum = { packets: packets + (known?.packets ?? 0), bytes: bytes + (known?.bytes ?? 0) };
    this.#totals.set(name, { jail: name, family, ...sum });
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
