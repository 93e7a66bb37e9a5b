/** The jumps that send a jail's traffic into its chain. */
import type { Traffic } from '../../../desired/traffic.ts';
import { jumpRule, type Rule } from '../rules/rule.ts';
import type { Family } from '../../../domain/net.ts';
import { multiportChunks, widenPorts } from '../../../domain/ports.ts';
import { PROTOCOLS, ruleProtocol } from '../../../domain/protocol.ts';

/** One a protocol, and one for each 15 of its ports. */
export function jumpsTo(chain: string, traffic: Traffic, family: Family): readonly Rule[] {
  if (traffic.has('all')) return [jumpRule({ chain })];
  return PROTOCOLS.flatMap((each) => {
    const exact = traffic.get(each);
    if (exact === undefined) return [];
    const ports = widenPorts(exact);
    const protocol = ruleProtocol(each, family);
    if (ports === 'all') return [jumpRule({ chain, protocol })];
    return multiportChunks(ports).map((chunk) => jumpRule({ chain, protocol, ports: chunk }));
  });
}

/** True where ICMPv6 is let into the chain. */
export function takesIcmpv6(traffic: Traffic, family: Family): boolean {
  return family === 'ipv6' && (traffic.has('all') || traffic.has('icmp'));
}
