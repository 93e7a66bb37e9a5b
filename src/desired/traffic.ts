/** Which packets are sent into a chain: what all its claims are about, taken together. */
import { jumpRule, type Rule } from '../netfilter/rule.ts';
import type { Family } from '../net/net.ts';
import { multiportChunks, parsePorts, PortUnion, widenPorts, type Ports } from '../net/ports.ts';
import { NO_SERVICES } from '../net/services.ts';
import {
  hasPorts,
  parseProtocols,
  PORT_PROTOCOLS,
  PROTOCOLS,
  ruleProtocol,
  type Protocol,
} from '../net/protocol.ts';

/**
 * All of them are read whenever a ban comes or goes in the jail. A jail has a handful, one a server at the most; more than
 * this many only who wants to hold up the bans of others makes, and they are about all ports, unread.
 */
const MAX_SCOPES = 500;

/** The jumps to a chain with claims of these scopes, each `PROTOCOLS PORTS`. */
export function jumpsTo(chain: string, scopes: ReadonlySet<string>, family: Family): readonly Rule[] {
  const traffic = trafficOf(scopes);
  if (traffic.has('all')) return [jumpRule({ chain })];
  return PROTOCOLS.flatMap((each) => {
    const ports = traffic.get(each);
    if (ports === undefined) return [];
    const protocol = ruleProtocol(each, family);
    if (ports === 'all') return [jumpRule({ chain, protocol })];
    return multiportChunks(ports).map((chunk) => jumpRule({ chain, protocol, ports: chunk }));
  });
}

/** True when a jump of these lets ICMPv6 into the chain. */
export function takesIcmpv6(jumps: readonly Rule[], family: Family): boolean {
  if (family === 'ipv4') return false;
  return jumps.some(
    (jump) => jump.match === 'all' || (jump.match === 'protocol' && jump.protocol === 'ipv6-icmp'),
  );
}

function trafficOf(scopes: ReadonlySet<string>): ReadonlyMap<Protocol, Ports> {
  const unions = new Map<Protocol, PortUnion>();
  for (const scope of scopes.size > MAX_SCOPES ? withAllPorts(scopes) : scopes) {
    const [protocols = '', text = ''] = scope.split(' ');
    const parsed = parsePorts(text, NO_SERVICES);
    const range: Ports = parsed.kind === 'ports' ? parsed.ports : 'all';
    for (const protocol of expand(parseProtocols(protocols) ?? ['tcp'], range)) {
      const union = unions.get(protocol) ?? new PortUnion();
      union.add(hasPorts(protocol) ? range : 'all');
      unions.set(protocol, union);
    }
  }
  return new Map(Array.from(unions, ([protocol, union]) => [protocol, widenPorts(union.ports())]));
}

function withAllPorts(scopes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(Array.from(scopes, (scope) => scope.replace(/ .*/, ' all')));
}

/** `all` protocols with certain ports are those that have ports: multiport cannot match `-p all`. */
function expand(protocols: readonly Protocol[], ports: Ports): readonly Protocol[] {
  return protocols.includes('all') && ports !== 'all' ? PORT_PROTOCOLS : protocols;
}
