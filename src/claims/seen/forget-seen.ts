/**
 * Forgets sightings that no rule can count any more, and keeps what operators lifted for as long as it tells which
 * sightings count. Pure; a state that nothing changed is the same object.
 */
import type { Claim } from '../claim.ts';
import { isLift, makeShard, type Shard, type State } from '../state.ts';
import { EMPTY_REGION, forgetBefore, type SeenRegion } from './seen-region.ts';

interface Memory {
  readonly now: number;
  /** How long sightings are remembered, in milliseconds; 0: not at all. */
  readonly memory: number;
}

/** Sightings are forgotten this late, so that a file of them changes once for many. */
const FORGET_TOGETHER_MS = 3600 * 1000;

/** Forgets what is older. */
export function forgetSeen(state: State, { now, memory }: Memory): State {
  const cutoff = now - memory;
  const seen = new Map<string, SeenRegion>();
  let isSame = true;
  for (const [name, region] of state.seen) {
    const isOld = memory === 0 || region.oldest < cutoff - FORGET_TOGETHER_MS;
    const kept = memory === 0 ? EMPTY_REGION : isOld ? forgetBefore(region, cutoff) : region;
    if (kept !== region) isSame = false;
    if (kept !== EMPTY_REGION) seen.set(name, kept);
  }
  return isSame ? state : { ...state, seen };
}

/** To be called before the state is settled, which would drop what is to be kept. */
export function keepLiftsOfSeen(state: State, { now, memory }: Memory): State {
  if (memory === 0) return state;
  const isEnding = (claim: Claim): boolean =>
    isLift(claim) && (claim.forget ?? 0) <= now && keptUntil(claim) > now;
  const keptUntil = ({ unbanned = -Infinity }: Claim): number => unbanned + memory;
  const shards = new Map<string, Shard>();
  for (const [name, shard] of state.shards) {
    if (shard.nextEnd > now || shard.lifters.length === 0) continue;
    if (!Array.from(shard.claims.values()).some(isEnding)) continue;
    const kept = Array.from(shard.claims, ([key, claim]) => {
      return [key, isEnding(claim) ? { ...claim, forget: keptUntil(claim) } : claim] as const;
    });
    shards.set(name, makeShard(new Map(kept)));
  }
  return shards.size === 0 ? state : { ...state, shards: new Map([...state.shards, ...shards]) };
}
