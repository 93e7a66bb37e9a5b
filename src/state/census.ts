/** Counts who holds what in each shard, once: a shard never changes, so what was counted of it stays true. */
import { isLiftOfServer } from '../names/names.ts';
import type { Shard } from './state.ts';

/** What one server has in one shard. */
export interface Counted {
  readonly tombstones: number;
  readonly jails: ReadonlyMap<string, JailCount>;
}

/** What one server claims in one jail. */
export interface JailCount {
  readonly claims: number;
  /** When the newest ban of it was heard; -Infinity when there is none. */
  readonly newest: number;
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

interface Counting {
  tombstones: number;
  readonly jails: Map<string, { claims: number; newest: number }>;
}

function count(shard: Shard): ReadonlyMap<string, Counted> {
  const servers = new Map<string, Counting>();
  for (const { server, jail, bans } of shard.claims.values()) {
    let own = servers.get(server);
    if (own === undefined) {
      own = { tombstones: 0, jails: new Map() };
      servers.set(server, own);
    }
    if (isLiftOfServer(jail)) {
      // No jail of its own.
      own.tombstones += 1;
      continue;
    }
    let inJail = own.jails.get(jail);
    if (inJail === undefined) {
      inJail = { claims: 0, newest: -Infinity };
      own.jails.set(jail, inJail);
    }
    if (bans.length > 0) inJail.claims += 1;
    else own.tombstones += 1;
    for (const { heard } of bans) inJail.newest = Math.max(inJail.newest, heard);
  }
  return servers;
}
