/** Bans as `list --json` gives them: an address in a jail's chain, with all that claim it. */
import { denyChain, chainOf } from '../../firewall/chain.ts';
import { compareNets, type Net } from '../../domain/net.ts';
import { formatPorts, parsePorts, unionPorts, type Ports } from '../../domain/ports.ts';
import { parseProtocols } from '../../domain/protocol.ts';
import type { Judgement } from '../../policy/judge.ts';
import type { LiveClaim } from '../../claims/live.ts';
import { isoTime } from '../../yaml/time.ts';

export interface ListedBan {
  readonly ip: string;
  readonly jail: string;
  readonly chain: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Comma list, canonical. */
  readonly protocol: string;
  /** Canonical: `all`, or numbers and ranges. */
  readonly ports: string;
  readonly claims: readonly ListedClaim[];
}

interface ListedClaim {
  readonly server: string;
  /** ISO 8601, UTC. Null: by policy.yaml, which says no beginning. */
  readonly since: string | null;
  /** Null: until unbanned. */
  readonly until: string | null;
  readonly failures: number | null;
  readonly reason: string | null;
}

/** All that is enforced, by address; what policy.yaml denies is claimed by `policy`. */
export function listBans(judgement: Judgement, prefix: string): readonly ListedBan[] {
  const groups = new Map<string, { net: Net; claims: LiveClaim[] }>();
  for (const claim of judgement.enforced) {
    const key = `${claim.ip.text} ${claim.jail}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { net: claim.ip, claims: [claim] });
    else group.claims.push(claim);
  }
  const claimed = Array.from(groups.values(), ({ net, claims }) => ({
    net,
    ban: listBan(net, claims, prefix),
  }));
  const denied = judgement.deny.map(({ net, note, until }) => ({
    net,
    ban: {
      ip: net.text,
      jail: 'policy',
      chain: denyChain(prefix),
      family: net.family,
      protocol: 'all',
      ports: 'all',
      claims: [
        {
          server: 'policy',
          since: null,
          until: endText(until),
          failures: null,
          reason: note ?? null,
        },
      ],
    },
  }));
  return [...claimed, ...denied].sort((a, b) => compareNets(a.net, b.net)).map(({ ban }) => ban);
}

function listBan(net: Net, claims: readonly LiveClaim[], prefix: string): ListedBan {
  const jail = claims[0]?.jail ?? '';
  return {
    ip: net.text,
    jail,
    chain: chainOf(jail, prefix),
    family: net.family,
    protocol: (parseProtocols(claims.map(({ protocols }) => protocols).join(',')) ?? ['tcp']).join(','),
    ports: formatPorts(claims.map(({ ports }) => portsOf(ports)).reduce(unionPorts)),
    claims: claims.map(({ server, since, until, details }) => ({
      server,
      since: isoTime(since),
      until: endText(until),
      failures: details?.failures ?? null,
      reason: details?.reason ?? null,
    })),
  };
}

function portsOf(text: string): Ports {
  const parsed = parsePorts(text, new Map());
  return parsed.kind === 'ports' ? parsed.ports : 'all';
}

function endText(until: number): string | null {
  return until === Infinity ? null : isoTime(until);
}
