/** What each server has in the state, to be held against its limits before more is folded. */
import type { Intent } from '../intent/intent.ts';
import type { Net } from '../net/net.ts';
import { Census } from './census.ts';
import { claimKey } from './claim.ts';
import { shardOf, type State } from './state.ts';

export interface ServerHoldings {
  readonly claims: number;
  readonly tombstones: number;
  readonly jails: ReadonlySet<string>;
  readonly has: (jail: string, ip: Net) => boolean;
}

export class HoldingsIndex {
  readonly #state: State;
  readonly #census: Census;
  readonly #servers = new Map<string, { claims: number; tombstones: number; jails: Set<string> }>();
  /** Keys of claims that are about to be. */
  readonly #accepted = new Set<string>();

  /** `census` remembers what it counted of shards that are in more than one state. */
  constructor(state: State, census: Census = new Census()) {
    this.#state = state;
    this.#census = census;
  }

  of(server: string): ServerHoldings {
    return { ...this.#get(server), has: (jail, ip) => this.#has({ ip, server, jail }) };
  }

  /** Counts what an intent will add, so that the next one is held against it. */
  accept(server: string, intent: Intent): void {
    const holdings = this.#get(server);
    holdings.jails.add(intent.jail);
    for (const ip of netsOf(intent)) {
      const key = { ip, server, jail: intent.jail };
      if (this.#has(key)) continue;
      this.#accepted.add(claimKey(key));
      if (intent.intent === 'unban') holdings.tombstones += 1;
      else holdings.claims += 1;
    }
  }

  #get(server: string): { claims: number; tombstones: number; jails: Set<string> } {
    let holdings = this.#servers.get(server);
    if (holdings === undefined) {
      holdings = { claims: 0, tombstones: 0, jails: new Set(this.#state.servers.get(server)?.keys()) };
      for (const shard of this.#state.shards.values()) {
        const counted = this.#census.of(shard).get(server);
        if (counted === undefined) continue;
        holdings.claims += counted.claims;
        holdings.tombstones += counted.tombstones;
        for (const jail of counted.jails) holdings.jails.add(jail);
      }
      this.#servers.set(server, holdings);
    }
    return holdings;
  }

  #has(key: { readonly ip: Net; readonly server: string; readonly jail: string }): boolean {
    if (this.#accepted.has(claimKey(key))) return true;
    const claim = this.#state.shards.get(shardOf(key.ip))?.claims.get(claimKey(key));
    return claim !== undefined && claim.bans.length > 0;
  }
}

function netsOf(intent: Intent): readonly Net[] {
  if (intent.intent === 'snapshot') return intent.bans.map(({ ip }) => ip);
  return 'ip' in intent ? [intent.ip] : [];
}
