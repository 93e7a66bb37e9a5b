/**
 * What this firewall's operator lifted is remembered longer while a peer is away: it may ban still what was lifted
 * meanwhile, and has to hear of it when it is back. Pure.
 */
import { peerOf } from '../domain/names.ts';
import type { Claim } from './claim.ts';
import { isLift, makeShard, type Shard, type State } from './state.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Long, so that a state changes seldom while a peer is away. */
const KEEP_MS = 7 * DAY_MS;

/** Three hours: that a peer lives is written down once an hour. */
const AWAY_MS = 3 * 3600 * 1000;

/** Of a ban that has no end, too; a peer that is away for longer is gone. */
export const LONGEST_MEMORY_MS = 365 * DAY_MS;

/** Keeps what would be forgotten within a day, where one of the peers is away; else the state is the same object. */
export function keepLifts(state: State, now: number): State {
  const isAway = Array.from(state.peers.values()).some(
    ({ published }) => now - published > AWAY_MS && now - published < LONGEST_MEMORY_MS,
  );
  if (!isAway) return state;
  const isEnding = (claim: Claim): boolean =>
    isOurs(claim.server) && isLift(claim) && (claim.forget ?? 0) > now && (claim.forget ?? 0) < now + DAY_MS;
  const shards = new Map<string, Shard>(state.shards);
  let hasChanged = false;
  for (const [name, shard] of state.shards) {
    if (!shard.lifters.some(isOurs) || !Array.from(shard.claims.values()).some(isEnding)) continue;
    const kept = Array.from(shard.claims, ([key, claim]) => {
      return [key, isEnding(claim) ? { ...claim, forget: now + KEEP_MS } : claim] as const;
    });
    shards.set(name, makeShard(new Map(kept)));
    hasChanged = true;
  }
  return hasChanged ? { ...state, shards } : state;
}

/** True for what no peer says. */
function isOurs(server: string): boolean {
  return peerOf(server) === undefined;
}
