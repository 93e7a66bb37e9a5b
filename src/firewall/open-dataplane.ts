/** The one place that chooses a data plane. */
import type { Family } from '../domain/net.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import type { Dataplane } from './dataplane.ts';
import { IptablesDataplane } from './iptables/iptables-dataplane.ts';
import type { World } from '../world/world.ts';

/** That of one family, for one enforcement. */
export function openDataplane(
  { config, now }: Pick<World, 'config' | 'now'>,
  firewall: Tools,
  family: Family,
): Dataplane {
  return new IptablesDataplane(firewall, { family, config, now });
}
