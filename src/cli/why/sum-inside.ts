/** What is claimed of addresses and networks inside a network, summed up: there may be thousands. */
import { contains, type Net } from '../../domain/net.ts';
import type { WhyClaim } from './why-answer.ts';

export interface Inside {
  /** Addresses, and networks in it, that are banned. */
  readonly addresses: number;
  /** Of these in each jail. */
  readonly bans: number;
  readonly claims: number;
  /** Claims that are not enforced. */
  readonly ignored: number;
  /** Enforced claims, most first. */
  readonly servers: readonly Count[];
  readonly jails: readonly Count[];
  /** Enforced claims that began last, newest first. */
  readonly newest: readonly WhyClaim[];
}

interface Count {
  readonly name: string;
  readonly claims: number;
}

const NEWEST = 10;

/** Sums them up; what is claimed of the network itself is not inside it. */
export function sumInside(all: readonly WhyClaim[], ip: Net): Inside {
  const inside = all.filter(({ claim }) => claim.ip.text !== ip.text && contains(ip, claim.ip));
  const enforced = inside.filter(({ ignored }) => ignored === undefined);
  const newest = [...enforced].sort((a, b) => b.claim.since - a.claim.since).slice(0, NEWEST);
  return {
    addresses: new Set(enforced.map(({ claim }) => claim.ip.text)).size,
    bans: new Set(enforced.map(({ claim }) => `${claim.ip.text} ${claim.jail}`)).size,
    claims: enforced.length,
    ignored: inside.length - enforced.length,
    servers: countBy(enforced, ({ claim }) => claim.server),
    jails: countBy(enforced, ({ claim }) => claim.jail),
    newest,
  };
}

function countBy(claims: readonly WhyClaim[], nameOf: (claim: WhyClaim) => string): readonly Count[] {
  const counts = new Map<string, number>();
  for (const claim of claims) counts.set(nameOf(claim), (counts.get(nameOf(claim)) ?? 0) + 1);
  return Array.from(counts, ([name, count]) => ({ name, claims: count })).sort(
    (a, b) => b.claims - a.claims || (a.name < b.name ? -1 : 1),
  );
}
