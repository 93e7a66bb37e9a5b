/** Bans as `list` has them: an address in a jail's chain, with all that claim it; and as `list -o json` gives them. */
import { byBeginning } from '../../claims/live.ts';
import { jailNameOf } from '../../desired/jail-name.ts';
import { denyChain, chainOf } from '../../firewall/chain.ts';
import type { Drops, NetDrops } from '../../firewall/drops.ts';
import { DENY_JAIL } from '../../domain/names.ts';
import { compareNets, type Net } from '../../domain/net.ts';
import { formatPorts, parsePorts, unionPorts, type Ports } from '../../domain/ports.ts';
import { parseProtocols } from '../../domain/protocol.ts';
import type { Judgement } from '../../policy/judge.ts';
import { droppedFor, type DroppedClaim } from '../../policy/dropped-claim.ts';
import { isoTime } from '../../yaml/time.ts';

export interface Ban {
  /** As it is claimed. */
  readonly net: Net;
  /** What is dropped for it: that, or a network around it. */
  readonly dropped: Net;
  /** Of what rules of escalation ban, the names of all of these. */
  readonly jail: string;
  readonly chain: string;
  /** Comma list, canonical. */
  readonly protocol: string;
  /** Canonical: `all`, or numbers and ranges. */
  readonly ports: string;
  readonly claims: readonly BanClaim[];
}

export interface BanClaim {
  readonly server: string;
  /** Milliseconds since 1970. Undefined: by policy.yaml, which says no beginning. */
  readonly since: number | undefined;
  /** Infinity: until unbanned. */
  readonly until: number;
  readonly failures: number | undefined;
  readonly reason: string | undefined;
}

/** What a ban dropped; undefined where that is not known. */
export type DropsOf = (ban: Ban) => Drops | undefined;

/** All that is enforced, by address; what policy.yaml denies is claimed by `policy`. */
export function listBans(judgement: Judgement, prefix: string): readonly Ban[] {
  const groups = new Map<string, DroppedClaim[]>();
  for (const claim of judgement.enforced) {
    const key = `${claim.ip.text} ${jailNameOf(claim)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [claim]);
    else group.push(claim);
  }
  const scopes = new Scopes();
  const claimed = Array.from(groups.values(), (claims) => banOf(claims, prefix, scopes));
  const denied = judgement.deny.map(({ net, note, until }): Ban => ({
    ...{ net, dropped: net, jail: DENY_JAIL, chain: denyChain(prefix), protocol: 'all', ports: 'all' },
    claims: [{ server: DENY_JAIL, since: undefined, until, failures: undefined, reason: note }],
  }));
  return [...claimed, ...denied].sort((a, b) => compareNets(a.net, b.net));
}

function banOf(claims: readonly DroppedClaim[], prefix: string, scopes: Scopes): Ban {
  const [first] = claims;
  if (first === undefined) throw new Error('a ban that nobody claims');
  return {
    net: first.ip,
    dropped: droppedFor(first),
    // Rules about all ports share a chain.
    jail: [...new Set(claims.map(({ jail }) => jail))].sort().join(','),
    chain: chainOf(jailNameOf(first), prefix),
    ...scopes.of(claims),
    claims: [...claims].sort(byBeginning).map(({ server, since, until, details }) => ({
      ...{ server, since, until, failures: details?.failures, reason: details?.reason },
    })),
  };
}

type Scope = Pick<Ban, 'protocol' | 'ports'>;

/** The traffic of all claims together: most have one of a few. */
class Scopes {
  readonly #known = new Map<string, Scope>();

  of(claims: readonly DroppedClaim[]): Scope {
    const key = claims.map(({ protocols, ports }) => `${protocols} ${ports}`).join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const scope = {
      protocol: (parseProtocols(claims.map(({ protocols }) => protocols).join(',')) ?? ['tcp']).join(','),
      ports: formatPorts(claims.map(({ ports }) => portsOf(ports)).reduce(unionPorts)),
    };
    this.#known.set(key, scope);
    return scope;
  }
}

function portsOf(text: string): Ports {
  const parsed = parsePorts(text, new Map());
  return parsed.kind === 'ports' ? parsed.ports : 'all';
}

/** Where the firewall counts what it drops. */
export function placeOf({ dropped, chain }: Ban): Pick<NetDrops, 'family' | 'chain' | 'ip'> {
  return { family: dropped.family, chain, ip: dropped.text };
}

/** When the first claim began; undefined where policy.yaml alone has it. */
export function sinceOf({ claims }: Ban): number | undefined {
  return claims.reduce<number | undefined>(
    (first, { since }) => (since === undefined || (first !== undefined && first < since) ? first : since),
    undefined,
  );
}

/** When the last claim ends. */
export function untilOf({ claims }: Ban): number {
  return claims.reduce((last, { until }) => Math.max(last, until), -Infinity);
}

/** One ban in JSON. Times are ISO 8601 in UTC; what is not known is null. */
export function banAsJson(ban: Ban, drops: Drops | undefined): Readonly<Record<string, unknown>> {
  const { net, dropped, jail, chain, protocol, ports, claims } = ban;
  return {
    ...{ ip: net.text, dropped: dropped.text, jail, chain, family: net.family, protocol, ports },
    ...{ packets: drops?.packets ?? null, bytes: drops?.bytes ?? null },
    claims: claims.map(({ server, since, until, failures, reason }) => ({
      server,
      since: since === undefined ? null : isoTime(since),
      until: until === Infinity ? null : isoTime(until),
      failures: failures ?? null,
      reason: reason ?? null,
    })),
  };
}
