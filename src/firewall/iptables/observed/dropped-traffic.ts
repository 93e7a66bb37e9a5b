/** What of a banned host's packets comes to the chains that drop it: their jumps, in words. */
import { formatPorts, PortUnion } from '../../../domain/ports.ts';
import { protocolName } from '../../../domain/protocol.ts';
import { portsText } from '../../../domain/words.ts';
import type { ObservedRule } from './observe.ts';

/**
 * `all ports`, or one line a protocol: `22,2222/tcp`, `all udp ports`. The ports are those after DNAT, as in the
 * claims.
 */
export function trafficInto(
  chains: ReadonlySet<string>,
  hooks: readonly (readonly ObservedRule[])[],
): readonly string[] {
  const unions = new Map<string, PortUnion>();
  for (const rule of hooks.flat()) {
    if (rule.kind === 'foreign' || rule.jumpsTo === undefined || !chains.has(rule.jumpsTo)) continue;
    const jump = rule.rule;
    const protocol = jump?.match === 'protocol' ? jump.protocol : 'all';
    const union = unions.get(protocol) ?? new PortUnion();
    union.add((jump?.match === 'protocol' ? jump.ports : undefined) ?? 'all');
    unions.set(protocol, union);
  }
  if (unions.has('all')) return ['all ports'];
  return Array.from(unions, ([protocol, union]) =>
    portsText(protocolName(protocol), formatPorts(union.ports())),
  );
}
