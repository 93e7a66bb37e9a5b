/**
 * All claims, in shards that are never changed in place: a changed shard is a new object. So what has to be written
 * is found by comparing identities, and one more ban costs the same however many there are.
 */
import { regionOf, type Net } from '../net/net.ts';
import type { Claim, Jail } from './claim.ts';

export interface State {
  /** By shard name. */
  readonly shards: ReadonlyMap<string, Shard>;
  /** By server. */
  readonly servers: ReadonlyMap<string, Server>;
  /** Flushes that began to count by this moment have been carried out. */
  readonly flushedBy: number;
}

export interface Shard {
  /** By claimKey. */
  readonly claims: ReadonlyMap<string, Claim>;
  /** The first moment at which something in it ends; Infinity when nothing will. */
  readonly nextEnd: number;
}

/** By jail. */
export type Server = ReadonlyMap<string, Jail>;

export const EMPTY_STATE: State = { shards: new Map(), servers: new Map(), flushedBy: -Infinity };

/** `ipv4/203`, `ipv6/2001`: by first octet or first group, so that one ban touches a small file. */
export function shardOf(ip: Net): string {
  return regionOf(ip.family, ip.text);
}

/** A shard of these claims. */
export function makeShard(claims: ReadonlyMap<string, Claim>): Shard {
  let nextEnd = Infinity;
  for (const claim of claims.values()) nextEnd = Math.min(nextEnd, endOf(claim));
  return { claims, nextEnd };
}

/** Every claim, tombstones too, in no particular order. */
export function* allClaims(state: State): Generator<Claim> {
  for (const shard of state.shards.values()) yield* shard.claims.values();
}

function endOf(claim: Claim): number {
  const ends = claim.bans.map((ban) => ban.until);
  return Math.min(...ends, claim.bans.length === 0 ? (claim.forget ?? 0) : Infinity);
}
