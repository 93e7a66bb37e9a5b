/** The list of sources, for passes and for all who look: one line each. */
import type { Firewall } from '../firewall/firewall.ts';
import type { World } from '../world/world.ts';
import type { Source } from './source.ts';
import { UnfiledRules } from './unfiled-rules.ts';

/** Opens them; none is asked yet. */
export function openSources(world: World, firewall: Firewall): readonly Source[] {
  return [new UnfiledRules(world, firewall)];
}
