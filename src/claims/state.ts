/**
 * All claims, in shards that are never changed in place: a changed shard is a new object. So what has to be written
 * is found by comparing identities, and one more ban costs the same however many there are.
 */
import { originOf } from '../domain/origin.ts';
import { regionOf, type Net } from '../domain/net.ts';
import type { Claim, Jail } from './claim.ts';
import type { SeenRegions } from './seen/seen-region.ts';
import { ClaimTable, type Claims } from './table/claim-table.ts';

export interface State {
  readonly shards: Regions;
  /** By server. */
  readonly servers: ReadonlyMap<string, Server>;
  /** Flushes that began to count by this moment have been carried out. */
  readonly flushedBy: number;
  /** By name: what is known of each peer beside its claims. */
  readonly peers: ReadonlyMap<string, HeardPeer>;
  /** Bans that began, whether they have ended or not, while rules of the policy count them. */
  readonly seen: SeenRegions;
}

/** What was last taken in of a peer. */
export interface HeardPeer {
  /** Grows with each publication of the peer: an older one is a replay. */
  readonly sequence: number;
  /** When the peer published it, in milliseconds since 1970; not later than when it was heard. */
  readonly published: number;
  /** The fingerprint of the key that signed it. Another key has a sequence of its own. */
  readonly key: string;
  /** False where a part of it was not there, could not be read, or went beyond the limits of the peer. */
  readonly isWhole: boolean;
}

/** By shard name. */
export type Regions = ReadonlyMap<string, Shard>;

export interface Shard {
  readonly claims: ClaimTable;
  /** The first moment at which something in it ends; Infinity when nothing will. */
  readonly nextEnd: number;
  /** The operators who lifted something in it, this firewall's and those of peers. */
  readonly lifters: readonly string[];
  /** True when a ban in it waits to be confirmed. */
  readonly hasTrials: boolean;
}

/** By jail. */
export type Server = ReadonlyMap<string, Jail>;

export const EMPTY_STATE: State = {
  shards: new Map(),
  servers: new Map(),
  flushedBy: -Infinity,
  peers: new Map(),
  seen: new Map(),
};

/** `ipv4/203`, `ipv6/94`: by region, so that one ban touches a small file, and there are few. */
export function shardOf(ip: Net): string {
  return regionOf(ip.family, ip.text);
}

/** Where earlier versions kept it: IPv6 by its first group, `ipv6/2001`. */
export function formerShardOf(ip: Net): string {
  return ip.family === 'ipv4' ? shardOf(ip) : `ipv6/${/^[0-9a-f]+/.exec(ip.text)?.[0] ?? '0'}`;
}

/** True for a name that {@link shardOf} gives. */
export function isShardName(name: string): boolean {
  return /^ipv4\/(0|[1-9]\d{0,2})$/.test(name) || /^ipv6\/[0-9a-f]{2}$/.test(name);
}

/** A shard of these claims. */
export function makeShard(held: Claims): Shard {
  const claims = ClaimTable.of(held);
  let nextEnd = Infinity;
  let lifters: readonly string[] = NOBODY;
  let hasTrials = false;
  for (const until of claims.columns.until) nextEnd = Math.min(nextEnd, until);
  for (const claim of claims.others.values()) {
    nextEnd = Math.min(nextEnd, endOf(claim));
    if (isLift(claim) && !lifters.includes(claim.server)) lifters = [...lifters, claim.server];
    hasTrials ||= claim.details?.ifConfirmed !== undefined;
  }
  return { claims, nextEnd, lifters, hasTrials };
}

const NOBODY: readonly string[] = [];

/** True for what an operator lifted. */
export function isLift({ server, unbanned }: Claim): boolean {
  return unbanned !== undefined && originOf(server).liftsOthers;
}

/** Every claim, tombstones too, in no particular order. */
export function* allClaims(state: State): Generator<Claim> {
  for (const shard of state.shards.values()) yield* shard.claims.values();
}

function endOf({ bans, forget = 0 }: Claim): number {
  if (bans.length === 0) return forget;
  return bans.reduce((end, { until }) => Math.min(end, until), Infinity);
}
