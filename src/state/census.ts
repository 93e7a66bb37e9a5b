/** Counts who holds what in each shard, once: a shard never changes, so what was counted of it stays true. */
import type { Shard } from './state.ts';

/** What one server has in one shard. */
export interface Counted {
  readonly claims: number;
  readonly tombstones: number;
  readonly jails: ReadonlySet<string>;
}

export class Census {
  readonly #counted = new WeakMap<Shard, ReadonlyMap<string, Counted>>();

  /** By server. */
  of(shard: Shard): ReadonlyMap<string, Counted> {
    let counted = this.#counted.get(shard);
    if (counted === undefined) {
      counted = count(shard);
      this.#counted.set(shard, counted);
    }
    return counted;
  }
}

function count(shard: Shard): ReadonlyMap<string, Counted> {
  const servers = new Map<string, { claims: number; tombstones: number; jails: Set<string> }>();
  for (const { server, jail, bans } of shard.claims.values()) {
    const own = servers.get(server) ?? { claims: 0, tombstones: 0, jails: new Set() };
    servers.set(server, own);
    own.jails.add(jail);
    if (bans.length > 0) own.claims += 1;
    else own.tombstones += 1;
  }
  return servers;
}
