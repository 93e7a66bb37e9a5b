/** What each server has in the state, to be held against its limits before more is folded. Never less than it will have. */
import type { Intent, SnapshotIntent } from '../intent/intent.ts';
import { liftName } from '../names/names.ts';
import type { Net } from '../net/net.ts';
import { Census, type JailCount } from './census.ts';
import { claimKey } from './claim.ts';
import { shardOf, type State } from './state.ts';

export interface ServerHoldings {
  readonly claims: number;
  readonly tombstones: number;
  readonly jails: ReadonlyMap<string, JailCount>;
  readonly has: (jail: string, ip: Net) => boolean;
}

interface OwnHoldings {
  claims: number;
  tombstones: number;
  readonly jails: Map<string, JailHoldings>;
}

/** What a jail has, and what it will have of what was accepted. */
interface JailHoldings {
  claims: number;
  /** When the newest ban or snapshot of it was heard. */
  newest: number;
  /** True when a snapshot was accepted that ends what the state holds, but for what is `accepted`. */
  isReplaced: boolean;
  /** Addresses that are about to be claimed. */
  accepted: Set<string>;
}

export class HoldingsIndex {
  readonly #state: State;
  readonly #census: Census;
  readonly #servers = new Map<string, OwnHoldings>();
  /** Keys of unbans that are about to be remembered. */
  readonly #unbanned = new Set<string>();

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
    const { jail, time } = intent;
    const holdings = this.#get(server);
    const inJail = jailOf(holdings, jail);
    switch (intent.intent) {
      case 'ban':
      case 'prolong':
        this.#claim(holdings, { ip: intent.ip, server, jail });
        inJail.newest = Math.max(inJail.newest, time);
        return;
      case 'unban': {
        const key = { ip: intent.ip, server, jail: liftName(jail, intent.of) };
        if (this.#has(key) || this.#unbanned.has(claimKey(key))) return;
        this.#unbanned.add(claimKey(key));
        holdings.tombstones += 1;
        return;
      }
      case 'snapshot':
        // As policy/limits.ts counts it, or what is accepted next would be held against something else.
        if (time > inJail.newest) replace(holdings, inJail, intent);
        else for (const { ip } of intent.bans) this.#claim(holdings, { ip, server, jail });
        inJail.newest = Math.max(inJail.newest, time);
        return;
      case 'start':
      case 'reload':
      case 'stop':
      case 'flush':
        return;
    }
  }

  #get(server: string): OwnHoldings {
    let holdings = this.#servers.get(server);
    if (holdings === undefined) {
      holdings = { claims: 0, tombstones: 0, jails: new Map() };
      for (const [jail, { snapshot = -Infinity }] of this.#state.servers.get(server) ?? [])
        jailOf(holdings, jail).newest = snapshot;
      for (const shard of this.#state.shards.values()) {
        const counted = this.#census.of(shard).get(server);
        if (counted === undefined) continue;
        holdings.tombstones += counted.tombstones;
        for (const [jail, { claims, newest }] of counted.jails) {
          const inJail = jailOf(holdings, jail);
          holdings.claims += claims;
          inJail.claims += claims;
          inJail.newest = Math.max(inJail.newest, newest);
        }
      }
      this.#servers.set(server, holdings);
    }
    return holdings;
  }

  #claim(holdings: OwnHoldings, key: Key): void {
    if (this.#has(key)) return;
    const inJail = jailOf(holdings, key.jail);
    inJail.accepted.add(key.ip.text);
    inJail.claims += 1;
    holdings.claims += 1;
  }

  #has(key: Key): boolean {
    const inJail = this.#get(key.server).jails.get(key.jail);
    if (inJail === undefined) return false;
    if (inJail.accepted.has(key.ip.text)) return true;
    if (inJail.isReplaced) return false;
    const claim = this.#state.shards.get(shardOf(key.ip))?.claims.get(claimKey(key));
    return claim !== undefined && claim.bans.length > 0;
  }
}

interface Key {
  readonly ip: Net;
  readonly server: string;
  readonly jail: string;
}

function jailOf({ jails }: OwnHoldings, jail: string): JailHoldings {
  let inJail = jails.get(jail);
  if (inJail === undefined) {
    inJail = { claims: 0, newest: -Infinity, isReplaced: false, accepted: new Set() };
    jails.set(jail, inJail);
  }
  return inJail;
}

/** The jail has what the snapshot lists, and nothing else. */
function replace(holdings: OwnHoldings, inJail: JailHoldings, { bans }: SnapshotIntent): void {
  inJail.accepted = new Set(bans.map(({ ip }) => ip.text));
  inJail.isReplaced = true;
  holdings.claims += inJail.accepted.size - inJail.claims;
  inJail.claims = inJail.accepted.size;
}
