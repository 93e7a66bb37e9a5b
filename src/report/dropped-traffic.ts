/** What of a banned host's packets comes to the chains that drop it: their jumps, in words. */
import { formatPorts, parsePorts, PortUnion } from '../net/ports.ts';
import type { ObservedRule } from '../observed/observe.ts';

/** `all ports`, or one line a protocol: `tcp ports 22,2222`, `all udp`. The ports are those after DNAT, as in the claims. */
export function trafficInto(
  chains: ReadonlySet<string>,
  hooks: readonly (readonly ObservedRule[])[],
): readonly string[] {
  const unions = new Map<string, PortUnion>();
  for (const rule of hooks.flat()) {
    if (rule.kind === 'foreign' || rule.jumpsTo === undefined || !chains.has(rule.jumpsTo)) continue;
    const [, protocol = 'all', ports] = JUMP.exec(rule.text) ?? [];
    const parsed = parsePorts(ports ?? 'all', new Map());
    const union = unions.get(protocol) ?? new PortUnion();
    union.add(parsed.kind === 'ports' ? parsed.ports : 'all');
    unions.set(protocol, union);
  }
  if (unions.has('all')) return ['all ports'];
  return Array.from(unions, ([protocol, union]) => {
    const name = NAMES.get(protocol) ?? protocol;
    const text = formatPorts(union.ports());
    if (text === 'all') return `all ${name}`;
    return `${name} ${/[,:]/.test(text) ? 'ports' : 'port'} ${text}`;
  });
}

const JUMP = /^(?:-p (\S+) )?(?:-m multiport --dports (\S+) )?-j /;

/** As people and claims call them. */
const NAMES = new Map([
  ['33', 'dccp'],
  ['ipv6-icmp', 'icmp'],
]);
