/** The claims that count now, each with the traffic it is about. */
import { compareTexts, peerOf } from '../domain/names.ts';
import type { Net } from '../domain/net.ts';
import { claimKey, liftKeys, type Claim, type Details } from './claim.ts';
import { allClaims, shardOf, type Shard, type State } from './state.ts';

export interface LiveClaim {
  readonly ip: Net;
  readonly server: string;
  readonly jail: string;
  readonly since: number;
  /** Infinity: until unbanned. */
  readonly until: number;
  readonly ports: string;
  readonly protocols: string;
  /** Of a peer's claim: when the peer last published, in milliseconds since 1970. */
  readonly peerHeard?: number;
  /** What the ban said for people. */
  readonly details: Details | undefined;
}

/** The order in which people are told of claims of one address: by their beginning, then by name. */
export function byBeginning(a: LiveClaim, b: LiveClaim): number {
  return a.since - b.since || compareTexts(a.server, b.server) || compareTexts(a.jail, b.jail);
}

/** Every claim that has not ended by `now`. */
export function* liveClaims(state: State, now: number): Generator<LiveClaim> {
  for (const claim of allClaims(state)) {
    const live = liveClaim(claim, state, now);
    if (live !== undefined) yield live;
  }
}

/** Those of one shard. */
export function* liveClaimsIn(shard: Shard, state: State, now: number): Generator<LiveClaim> {
  for (const claim of shard.claims.values()) {
    const live = liveClaim(claim, state, now);
    if (live !== undefined) yield live;
  }
}

/** Those of one shard that are no rows of its table. */
export function* liveOthersIn(shard: Shard, state: State, now: number): Generator<LiveClaim> {
  for (const claim of shard.claims.others.values()) {
    const live = liveClaim(claim, state, now);
    if (live !== undefined) yield live;
  }
}

/** The claim as it counts now, or undefined when it does not. */
function liveClaim(claim: Claim, state: State, now: number): LiveClaim | undefined {
  const lifted = liftedUntil(claim, state);
  const bans = claim.bans.filter((ban) => ban.until > now && ban.since > lifted);
  const [newest] = bans;
  const oldest = bans.at(-1);
  if (newest === undefined || oldest === undefined) return undefined;
  const { ip, server, jail, details } = claim;
  const scope = state.servers.get(server)?.get(jail)?.scope;
  // What the last ban said, unless the jail was started or reloaded since; else what the jail says.
  const own = scope === undefined || scope.said < (details?.said ?? -Infinity) ? details : undefined;
  return {
    ip,
    server,
    jail,
    since: newest.since,
    until: oldest.until,
    ports: own?.ports ?? scope?.ports ?? 'all',
    protocols: own?.protocols ?? scope?.protocols ?? 'tcp',
    ...heardPeer(peerHeardOf(server, state)),
    details,
  };
}

function heardPeer(peerHeard: number | undefined): Pick<LiveClaim, 'peerHeard'> {
  return peerHeard === undefined ? {} : { peerHeard };
}

/** Of a peer's claimant: when the peer last published, in milliseconds since 1970. */
export function peerHeardOf(server: string, { peers }: State): number | undefined {
  const peer = peers.size === 0 ? undefined : peerOf(server);
  return peer === undefined ? undefined : peers.get(peer)?.published;
}

/**
 * Bans of this claim that began up to then were lifted by an operator; -Infinity when none were. fail2ban does not hear
 * of that, so its snapshots go on to list them: the claim is kept as it is told, and does not count.
 */
export function liftedUntil(claim: Pick<Claim, 'ip' | 'server' | 'jail'>, state: State): number {
  const shard = state.shards.get(shardOf(claim.ip));
  const lifts = shard === undefined ? [] : liftsOf(claim, shard);
  // What an operator claims himself, he ends by his unban.
  const others = lifts.filter(({ server }) => server !== claim.server);
  return others.reduce((latest, { unbanned = -Infinity }) => Math.max(latest, unbanned), -Infinity);
}

/** The claims that remember a lift of this one. */
export function liftsOf(claim: Pick<Claim, 'ip' | 'server' | 'jail'>, shard: Shard): readonly Claim[] {
  if (shard.lifters.length === 0) return [];
  return shard.lifters
    .flatMap((lifter) => liftKeys(claim, lifter))
    .flatMap((key) => shard.claims.get(claimKey(key)) ?? [])
    .filter(({ unbanned }) => unbanned !== undefined);
}
