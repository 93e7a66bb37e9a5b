/** On the first start: what stands on the firewall becomes claims, so that moving over opens no gap. */
import { ADOPTED } from '../names/names.ts';
import { adopt } from '../observed/adopt.ts';
import type { Said } from '../state/fold.ts';
import type { Firewall } from '../system/iptables.ts';
import { look } from './look.ts';
import type { World } from './world.ts';

/** Reads both families; throws when one cannot be read, since its bans would be taken for strays. */
export async function adoptRules(
  { config }: World,
  firewall: Firewall,
  now: number,
): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (const family of config.families) {
    const { observed } = await look(firewall, { family, prefix: config.chainPrefix, now: () => now });
    const intents = adopt(observed, { prefix: config.chainPrefix, now });
    said.push(...intents.map((intent) => ({ server: ADOPTED, intent })));
  }
  return said;
}
