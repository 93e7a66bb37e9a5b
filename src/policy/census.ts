/**
 * What each server holds of the state. It is counted shard by shard, once: a shard never changes, so what was counted
 * of it stays true.
 */
import { isLiftOfServer, peerOf } from '../domain/names.ts';
import { claimKey, type Claim } from '../claims/claim.ts';
import { shardOf, type Shard, type State } from '../claims/state.ts';

/** What one server holds. */
export class Holding {
  /** Those with bans. */
  claims = 0;
  /** Unbans that are remembered: they take room too, and a server can send any number. */
  tombstones = 0;
  readonly jails = new Map<string, JailHolding>();

  /** What it holds in the jail, which is one of its jails from now on. */
  inJail(jail: string): JailHolding {
    let inJail = this.jails.get(jail);
    if (inJail === undefined) {
      inJail = { claims: 0, newest: -Infinity };
      this.jails.set(jail, inJail);
    }
    return inJail;
  }

  add({ claims, tombstones, jails }: Holding): void {
    this.claims += claims;
    this.tombstones += tombstones;
    for (const [jail, { claims: more, newest }] of jails) {
      const inJail = this.inJail(jail);
      inJail.claims += more;
      inJail.newest = Math.max(inJail.newest, newest);
    }
  }
}

/** What one server holds in one jail. */
interface JailHolding {
  claims: number;
  /** When the newest ban or snapshot of it was heard; -Infinity when none was. */
  newest: number;
}

export class Census {
  /** By server. */
  readonly #counted = new WeakMap<Shard, ReadonlyMap<string, Holding>>();

  /** What the server holds of all shards: a new object, which the caller may go on counting with. */
  holdingOf(server: string, state: State): Holding {
    const holding = new Holding();
    for (const [jail, { snapshot = -Infinity }] of state.servers.get(server) ?? [])
      holding.inJail(jail).newest = snapshot;
    for (const shard of state.shards.values()) {
      const counted = this.#count(shard).get(server);
      if (counted !== undefined) holding.add(counted);
    }
    return holding;
  }

  /** What all claimants behind the peer hold together. */
  holdingOfPeer(peer: string, state: State): Holding {
    const holding = new Holding();
    for (const shard of state.shards.values()) {
      for (const [server, counted] of this.#count(shard)) if (peerOf(server) === peer) holding.add(counted);
    }
    return holding;
  }

  /** How many claims each claimant holds; `fw2/web1` is one behind a peer. */
  claimsByClaimant(state: State): ReadonlyMap<string, number> {
    const claims = new Map<string, number>();
    for (const shard of state.shards.values()) {
      for (const [server, counted] of this.#count(shard))
        claims.set(server, (claims.get(server) ?? 0) + counted.claims);
    }
    return claims;
  }

  /** True when the lift, or another unban, is remembered already. */
  isRemembered(key: Pick<Claim, 'ip' | 'server' | 'jail'>, state: State): boolean {
    return state.shards.get(shardOf(key.ip))?.claims.get(claimKey(key))?.unbanned !== undefined;
  }

  /** True when the server bans exactly this address or network in the jail, whether the ban has ended or not. */
  isHeld(key: Pick<Claim, 'ip' | 'server' | 'jail'>, state: State): boolean {
    const claim = state.shards.get(shardOf(key.ip))?.claims.get(claimKey(key));
    return claim !== undefined && claim.bans.length > 0;
  }

  #count(shard: Shard): ReadonlyMap<string, Holding> {
    let counted = this.#counted.get(shard);
    if (counted === undefined) {
      counted = count(shard);
      this.#counted.set(shard, counted);
    }
    return counted;
  }
}

function count({ claims: table }: Shard): ReadonlyMap<string, Holding> {
  const servers = new Map<string, Holding>();
  const holdingOf = (server: string): Holding => {
    let holding = servers.get(server);
    if (holding === undefined) {
      holding = new Holding();
      servers.set(server, holding);
    }
    return holding;
  };
  for (const { saying, claims, newest } of table.counts()) {
    const holding = holdingOf(saying.server);
    const inJail = holding.inJail(saying.jail);
    holding.claims += claims;
    inJail.claims += claims;
    inJail.newest = Math.max(inJail.newest, newest);
  }
  for (const { server, jail, bans } of table.others.values()) {
    const holding = holdingOf(server);
    if (isLiftOfServer(jail)) {
      // No jail of its own.
      holding.tombstones += 1;
      continue;
    }
    const inJail = holding.inJail(jail);
    if (bans.length === 0) holding.tombstones += 1;
    else {
      holding.claims += 1;
      inJail.claims += 1;
    }
    for (const { heard } of bans) inJail.newest = Math.max(inJail.newest, heard);
  }
  return servers;
}
