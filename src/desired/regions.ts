/**
 * Puts what the ledger claims and what other sources give side by side, region by region. Nothing is copied: a region
 * is the shards that are of it, so that it stays the same while these are the same objects.
 */
import { liveClaimsIn, type LiveClaim } from '../claims/live.ts';
import { EMPTY_STATE, type Regions, type Shard, type State } from '../claims/state.ts';

export interface Region {
  /** Of the ledger. */
  readonly own: Shard | undefined;
  /** Of other sources. */
  readonly given: readonly Shard[];
}

/** All of them, by name. */
export function* regionsOf(
  { shards }: State,
  given: readonly Regions[] = [],
): Generator<readonly [string, Region]> {
  const givenIn = (name: string): readonly Shard[] => given.flatMap((regions) => regions.get(name) ?? []);
  for (const [name, own] of shards) yield [name, { own, given: given.length === 0 ? NONE : givenIn(name) }];
  for (const name of new Set(given.flatMap((regions) => Array.from(regions.keys()))))
    if (!shards.has(name)) yield [name, { own: undefined, given: givenIn(name) }];
}

const NONE: readonly Shard[] = [];

/** True when the claims of both are the same objects. */
export function isSameRegion(a: Region, b: Region): boolean {
  if (a.own !== b.own || a.given.length !== b.given.length) return false;
  return a.given.length === 0 || a.given.every((shard, index) => shard === b.given[index]);
}

/**
 * Those that count now. What an operator lifted, and what servers say of ports, is about claims of the ledger alone.
 */
export function* liveClaimsOf({ own, given }: Region, state: State, now: number): Generator<LiveClaim> {
  if (own !== undefined) yield* liveClaimsIn(own, state, now);
  for (const shard of given) yield* liveClaimsIn(shard, EMPTY_STATE, now);
}

/** The first moment at which something in it ends; Infinity when nothing will. */
export function nextEndOf({ own, given }: Region): number {
  return given.reduce((end, shard) => Math.min(end, shard.nextEnd), own?.nextEnd ?? Infinity);
}
