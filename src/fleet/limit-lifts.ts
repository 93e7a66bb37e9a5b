/**
 * Removes the lifts of peers that exceed the limits of the current policy. In: the state and the peers of the policy.
 * Out: the state without those lifts; the same object if none exceeds them. Pure.
 */
import { claimKey, type Claim } from '../claims/claim.ts';
import { isLift, makeShard, shardOf, type Regions, type State } from '../claims/state.ts';
import { peerOf } from '../domain/names.ts';
import { widestOf } from '../policy/limits.ts';
import type { PeerPolicy } from '../policy/peer-policy.ts';

/** If there are too many, the newest stay. The others are taken in again when the policy allows them. */
export function limitLifts(state: State, peers: ReadonlyMap<string, PeerPolicy>): State {
  const beyond: Claim[] = [];
  for (const [peer, lifts] of liftsOfPeers(state)) {
    const limits = peers.get(peer);
    if (limits === undefined) continue;
    const isNarrow = ({ ip }: Claim): boolean => ip.prefix >= widestOf(ip, limits);
    const narrow = lifts.filter(isNarrow);
    beyond.push(...lifts.filter((lift) => !isNarrow(lift)));
    if (narrow.length > limits.lifts) beyond.push(...narrow.sort(newestFirst).slice(limits.lifts));
  }
  if (beyond.length === 0) return state;
  return { ...state, shards: withoutLifts(state, beyond) };
}

function liftsOfPeers({ shards }: State): ReadonlyMap<string, Claim[]> {
  const lifts = new Map<string, Claim[]>();
  for (const { claims, lifters } of shards.values()) {
    if (!lifters.some((lifter) => peerOf(lifter) !== undefined)) continue;
    for (const claim of claims.values()) {
      const peer = isLift(claim) ? peerOf(claim.server) : undefined;
      if (peer === undefined) continue;
      const those = lifts.get(peer);
      if (those === undefined) lifts.set(peer, [claim]);
      else those.push(claim);
    }
  }
  return lifts;
}

function newestFirst(a: Claim, b: Claim): number {
  return (b.unbanned ?? 0) - (a.unbanned ?? 0) || (claimKey(a) < claimKey(b) ? -1 : 1);
}

/** What an operator bans beside a lift stays. */
function withoutLifts(state: State, lifts: readonly Claim[]): Regions {
  const changed = new Map<string, Map<string, Claim>>();
  for (const lift of lifts) {
    const name = shardOf(lift.ip);
    const claims = changed.get(name) ?? new Map(state.shards.get(name)?.claims);
    changed.set(name, claims);
    const { ip, server, jail, bans, details } = lift;
    const claim = { ip, server, jail, bans, ...(details !== undefined && { details }) };
    if (bans.length > 0) claims.set(claimKey(lift), claim);
    else claims.delete(claimKey(lift));
  }
  const shards = new Map(state.shards);
  for (const [name, claims] of changed) {
    if (claims.size > 0) shards.set(name, makeShard(claims));
    else shards.delete(name);
  }
  return shards;
}
