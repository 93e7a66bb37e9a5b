/**
 * Who was first: of all addresses that are banned, how many each server banned before all others, which others banned
 * them later, and which were spared. Counted shard by shard, once, since a shard never changes; what is remembered is
 * counts and no addresses.
 */
import type { Claim } from '../claims/claim.ts';
import { liveClaimsIn } from '../claims/live.ts';
import type { Shard, State } from '../claims/state.ts';

/** What a server was the first to ban. */
interface AheadOf {
  /** The server that banned them first. */
  readonly first: string;
  readonly addresses: number;
  /** Of these, by server: banned there later too. */
  readonly alsoBannedBy: Readonly<Record<string, number>>;
  /** Of these, by server: never banned there. */
  readonly spared: Readonly<Record<string, number>>;
}

/** Names in the table; those of the least claims are together `other`. */
const MOST_SERVERS = 30;
const OTHER = 'other';

interface First {
  addresses: number;
  readonly later: Map<string, number>;
}

/** By the server that was first. */
type Counted = ReadonlyMap<string, First>;

export class Ahead {
  readonly #counted = new WeakMap<Shard, Counted>();

  /**
   * The servers of the most firsts come first. It walks through all claims the first time, then through what changed;
   * it yields between shards, so that others can have a turn.
   */
  *of(state: State, now: number): Generator<undefined, readonly AheadOf[]> {
    const all = new Map<string, First>();
    for (const shard of state.shards.values()) {
      let counted = this.#counted.get(shard);
      if (counted === undefined) {
        counted = countFirsts(liveClaimsIn(shard, state, now));
        this.#counted.set(shard, counted);
        yield;
      }
      merge(all, counted, (name) => name);
    }
    return aheadOf(all);
  }
}

/** Of the claims of whole addresses, in any order; a moment that two servers share is the first one's by name. */
export function countFirsts(
  claims: Iterable<Pick<Claim, 'ip' | 'server'> & { readonly since: number }>,
): Counted {
  const byAddress = new Map<string, Map<string, number>>();
  for (const { ip, server, since } of claims) {
    const servers = byAddress.get(ip.text) ?? new Map<string, number>();
    byAddress.set(ip.text, servers.set(server, Math.min(since, servers.get(server) ?? Infinity)));
  }
  const counted = new Map<string, First>();
  for (const servers of byAddress.values()) {
    const [first = '', ...others] = Array.from(servers)
      .sort(([a, since], [b, later]) => since - later || (a < b ? -1 : 1))
      .map(([server]) => server);
    const known = counted.get(first) ?? { addresses: 0, later: new Map<string, number>() };
    counted.set(first, known);
    known.addresses += 1;
    for (const server of others) known.later.set(server, (known.later.get(server) ?? 0) + 1);
  }
  return counted;
}

/** The table of what was counted. */
export function aheadOf(counted: Counted): readonly AheadOf[] {
  const sizes = new Map<string, number>();
  const grow = (server: string, count: number): void =>
    void sizes.set(server, (sizes.get(server) ?? 0) + count);
  for (const [server, { addresses, later }] of counted) {
    grow(server, addresses);
    for (const [each, count] of later) grow(each, count);
  }
  const named = Array.from(sizes)
    .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
    .slice(0, MOST_SERVERS)
    .map(([server]) => server);
  const known = new Set(named);
  const merged = new Map<string, First>();
  merge(merged, counted, (name) => (known.has(name) ? name : OTHER));
  return Array.from(merged, ([first, { addresses, later }]) => {
    const others = named.filter((server) => server !== first);
    const also = others.map((server) => [server, later.get(server) ?? 0] as const);
    return {
      ...{ first, addresses },
      alsoBannedBy: Object.fromEntries(also.filter(([, count]) => count > 0)),
      spared: Object.fromEntries(also.map(([server, count]) => [server, addresses - count])),
    };
  }).sort((a, b) => b.addresses - a.addresses || (a.first < b.first ? -1 : 1));
}

function merge(into: Map<string, First>, from: Counted, nameOf: (server: string) => string): void {
  for (const [server, { addresses, later }] of from) {
    const name = nameOf(server);
    const first = into.get(name) ?? { addresses: 0, later: new Map<string, number>() };
    into.set(name, first);
    first.addresses += addresses;
    for (const [other, count] of later) {
      const otherName = nameOf(other);
      first.later.set(otherName, (first.later.get(otherName) ?? 0) + count);
    }
  }
}
