/** Which packets a jail is about: those of all its claims, taken together. */
import { parsePorts, PortUnion, type Ports } from '../domain/ports.ts';
import { hasPorts, parseProtocols, PORT_PROTOCOLS, type Protocol } from '../domain/protocol.ts';
import { NO_SERVICES } from '../domain/services.ts';

/** The ports of each protocol. */
export type Traffic = ReadonlyMap<Protocol, Ports>;

/**
 * All of them are read whenever a ban comes or goes in the jail. A jail has a handful, one a server at the most; more
 * than this many only who wants to hold up the bans of others makes, and they are about all ports, unread.
 */
const MAX_SCOPES = 500;

/** The traffic of claims of these scopes, each `PROTOCOLS PORTS`. */
export function trafficOf(scopes: ReadonlySet<string>): Traffic {
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
  return new Map(Array.from(unions, ([protocol, union]) => [protocol, union.ports()]));
}

function withAllPorts(scopes: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(Array.from(scopes, (scope) => scope.replace(/ .*/, ' all')));
}

/** Certain ports of all protocols are those of the protocols that have ports. */
function expand(protocols: readonly Protocol[], ports: Ports): readonly Protocol[] {
  return protocols.includes('all') && ports !== 'all' ? PORT_PROTOCOLS : protocols;
}
