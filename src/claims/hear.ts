/**
 * Takes in what peers published. A peer's claim is as its newest publication says; one that is not in it stays as it
 * was, so that no silence and no damage ends a ban: only its own end does, or a tombstone.
 */
import { liftNames, peerOf } from '../domain/names.ts';
import type { Claim } from './claim.ts';
import { Draft } from './draft.ts';
import { settle } from './settle.ts';
import { makeShard, type HeardPeer, type Shard, type State } from './state.ts';

/** What a peer says now. */
export interface Publication extends HeardPeer {
  readonly peer: string;
  /** How long a ban until unbanned lasts after the peer published last, in milliseconds. */
  readonly bantime: number;
  /** With claimants named as this firewall names them. One without bans ends what that claimant claimed. */
  readonly claims: readonly Claim[];
  /** What its operator lifted; without bans. */
  readonly lifts: readonly Claim[];
}

/** Takes them in, then ends what has ended by `now`; a state that nothing changed is the same object. */
export function hearPeers(state: State, publications: readonly Publication[], now: number): State {
  if (publications.length === 0) return state;
  const draft = new Draft(state, now);
  const peers = new Map(state.peers);
  for (const { peer, sequence, published, key, isWhole, claims, lifts } of publications) {
    for (const claim of claims) hear(draft, claim);
    for (const lift of lifts) hearLift(draft, lift);
    peers.set(peer, { sequence, published, key, isWhole });
  }
  const heard = draft.finish();
  const isKept = heard !== state || publications.some((each) => isWorthKeeping(each, state));
  return settle(isKept ? { ...heard, peers } : heard, state, now);
}

/** That a peer lives is written down once an hour, where it says nothing else. */
const HEARD_EVERY_MS = 3600 * 1000;

/** More often where its bans until unbanned would end before. */
function isWorthKeeping({ peer, published, key, bantime }: Publication, { peers }: State): boolean {
  const old = peers.get(peer);
  return old?.key !== key || published - old.published >= Math.min(HEARD_EVERY_MS, bantime / 2);
}

/** Drops all that was taken in of peers that are none any more: claims, lifts, and what was heard. */
export function forgetPeers(state: State, isPeer: (name: string) => boolean): State {
  if (Array.from(state.peers.keys()).every(isPeer)) return state;
  const isKept = ({ server }: Claim): boolean => {
    const peer = peerOf(server);
    return peer === undefined || isPeer(peer);
  };
  const shards = new Map<string, Shard>();
  for (const [name, shard] of state.shards) {
    const kept = Array.from(shard.claims).filter(([, claim]) => isKept(claim));
    if (kept.length === shard.claims.size) shards.set(name, shard);
    else if (kept.length > 0) shards.set(name, makeShard(new Map(kept)));
  }
  const peers = new Map(Array.from(state.peers).filter(([name]) => isPeer(name)));
  return { ...state, shards, peers };
}

function hear(draft: Draft, claim: Claim): void {
  const { ip, server, jail, bans } = claim;
  const old = draft.claim(claim);
  if (bans.length === 0 && old === undefined) return;
  // A lift that the peer has forgotten may still be about what others claim.
  const lift = old?.unbanned === undefined ? {} : { unbanned: old.unbanned, forget: old.forget ?? 0 };
  draft.putClaim(bans.length === 0 ? { ip, server, jail, bans, ...lift } : { ...claim, ...lift });
  for (const lifts of draft.liftsOn(claim)) draft.putClaim(lasting(draft, lifts));
}

function hearLift(draft: Draft, lift: Claim): void {
  const { bans = [], details } = draft.claim(lift) ?? {};
  draft.putClaim(lasting(draft, { ...lift, bans, ...(details !== undefined && { details }) }));
}

/** A lift is remembered until all that it lifted has ended. */
function lasting(draft: Draft, lift: Claim): Claim {
  const { unbanned = -Infinity } = lift;
  let forget = Math.max(lift.forget ?? 0, draft.claim(lift)?.forget ?? 0);
  for (const claim of draft.claimsOn(lift.ip)) {
    if (claim.server === lift.server || !liftNames(claim).includes(lift.jail)) continue;
    for (const { since, until } of claim.bans) if (since <= unbanned) forget = Math.max(forget, until);
  }
  return { ...lift, forget };
}
