/** On the first start: what stands on the firewall becomes claims, so that moving over opens no gap. */
import { ADOPTED } from '../names/names.ts';
import { adopt } from '../observed/adopt.ts';
import { observe } from '../observed/observe.ts';
import type { Said } from '../state/fold.ts';
import { BanspoolError } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import type { World } from './world.ts';

/** Reads both families; throws when one cannot be read, since its bans would be taken for strays. */
export async function adoptRules(
  { config }: World,
  firewall: Firewall,
  now: number,
): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (const family of config.families) {
    const listing = observe(await firewall.list(family), { family, prefix: config.chainPrefix });
    if (listing.kind === 'unreadable')
      throw new BanspoolError('command-failed', `${family}: ${listing.reason}`);
    const intents = adopt(listing.observed, { prefix: config.chainPrefix, now });
    said.push(...intents.map((intent) => ({ server: ADOPTED, intent })));
  }
  return said;
}
