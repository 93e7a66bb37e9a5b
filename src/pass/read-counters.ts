/** What the firewall counts, for an answer that can do without it: where a family cannot be read, it is told of. */
import { desireFamily } from '../desired/desire-family.ts';
import type { Family } from '../domain/net.ts';
import type { Looked } from '../firewall/drops.ts';
import { openDataplane } from '../firewall/open-dataplane.ts';
import { messageOf } from '../system/error.ts';
import type { World } from '../world/world.ts';
import type { Preview } from './preview.ts';

export interface Counters {
  readonly looked: readonly Looked[];
  /** Why the others were not read. */
  readonly unread: readonly string[];
}

/** Reads all families at once. Nothing is waited for longer than the programs of `world` are. */
export async function readCounters(world: World, found: Pick<Preview, 'conclude'>): Promise<Counters> {
  try {
    const tools = await world.openFirewall();
    const conclusion = found.conclude();
    const look = async (family: Family): Promise<Looked> => {
      const dataplane = openDataplane(world, tools, family);
      const ruleset = dataplane.rulesetOf(desireFamily(conclusion, family));
      return { dataplane, ruleset, observed: await dataplane.read() };
    };
    const looks = await Promise.allSettled(world.config.families.map(look));
    return {
      looked: looks.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
      unread: looks.flatMap((each) => (each.status === 'rejected' ? [messageOf(each.reason)] : [])),
    };
  } catch (error) {
    return { looked: [], unread: [messageOf(error)] };
  }
}
