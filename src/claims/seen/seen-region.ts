/**
 * All sightings of one region: bans that began, as rules of escalation count them. A region is never changed in place,
 * so that what has to be written, and looked at, is found by comparing identities.
 */
import type { Net } from '../../domain/net.ts';
import { allSeen, EMPTY_TREE, putSeen, seenOf, type Seen, type SeenTree } from './seen-tree.ts';
import { firstOfTrail, joinTrails, sizeOfTrail, withoutBefore, type Trail } from './trail.ts';

export interface SeenRegion {
  readonly tree: SeenTree;
  /** By server: bans and unbans that are remembered of it. */
  readonly sizes: ReadonlyMap<string, number>;
  /** No later than the first moment of it; Infinity of an empty one. */
  readonly oldest: number;
}

/** By the name of the region, as claims are. */
export type SeenRegions = ReadonlyMap<string, SeenRegion>;

export const EMPTY_REGION: SeenRegion = { tree: EMPTY_TREE, sizes: new Map(), oldest: Infinity };

/** The region of these trails, of which some may be of the same address, server and jail. */
export function joinRegion(trails: Iterable<Trail>): SeenRegion {
  const joined = new Map<string, Trail>();
  for (const trail of trails) {
    const key = [trail.ip.text, trail.server, trail.jail].join(' ');
    joined.set(key, joinTrails(joined.get(key) ?? { ...trail, bans: [], unbans: [] }, trail));
  }
  return makeRegion(joined.values());
}

/** The region of these trails, of which no two are of the same. */
function makeRegion(trails: Iterable<Trail>): SeenRegion {
  const seen = new Map<string, { readonly ip: Net; readonly trails: Trail[] }>();
  for (const trail of trails) {
    const known = seen.get(trail.ip.text);
    if (known === undefined) seen.set(trail.ip.text, { ip: trail.ip, trails: [trail] });
    else known.trails.push(trail);
  }
  return changeRegion(EMPTY_REGION, Array.from(seen.values()));
}

/** With these in place of what was known of their addresses. */
export function changeRegion(region: SeenRegion, changed: readonly Seen[]): SeenRegion {
  const sizes = new Map(region.sizes);
  let { oldest } = region;
  const count = (trails: readonly Trail[], sign: 1 | -1): void => {
    for (const trail of trails) {
      const size = (sizes.get(trail.server) ?? 0) + sign * sizeOfTrail(trail);
      if (size > 0) sizes.set(trail.server, size);
      else sizes.delete(trail.server);
    }
  };
  for (const { ip, trails } of changed) {
    count(seenOf(region.tree, ip)?.trails ?? [], -1);
    count(trails, 1);
    for (const trail of trails) oldest = Math.min(oldest, firstOfTrail(trail));
  }
  const tree = putSeen(region.tree, changed);
  return sizes.size === 0 ? EMPTY_REGION : { tree, sizes, oldest };
}

/** Every trail in it, in no particular order. */
export function* allTrails({ tree }: SeenRegion): Generator<Trail> {
  for (const { trails } of allSeen(tree)) yield* trails;
}

/** The region without what was before `cutoff`. */
export function forgetBefore(region: SeenRegion, cutoff: number): SeenRegion {
  return makeRegion(Array.from(allTrails(region)).flatMap((trail) => withoutBefore(trail, cutoff) ?? []));
}
