/** On the first start: what stands on the firewall becomes claims, so that moving over opens no gap. */
import type { Config } from '../config/config.ts';
import { ADOPTED } from '../names/names.ts';
import { adopt } from '../observed/adopt.ts';
import type { Said } from '../state/fold.ts';
import type { StateRepository } from '../state/git.ts';
import type { State } from '../state/state.ts';
import type { Firewall } from '../system/iptables.ts';
import { look } from './look.ts';

interface Adopting {
  readonly config: Pick<Config, 'families' | 'chainPrefix'>;
}

/** With claims, and only git gone, the rules that stand are ours: there is nothing to adopt. */
export function isFirstStart({ shards, servers }: State, repository: StateRepository): boolean {
  return shards.size === 0 && servers.size === 0 && !repository.exists();
}

/** Reads both families; throws when one cannot be read, since its bans would be taken for strays. */
export async function adoptRules(
  { config }: Adopting,
  firewall: Firewall,
  now: number,
): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (const family of config.families) {
    const { observed } = await look(firewall, { family, prefix: config.chainPrefix, now: () => now });
    // One by one: as arguments of one call, over a hundred thousand overflow the stack.
    for (const intent of adopt(observed, { prefix: config.chainPrefix, now }))
      said.push({ server: ADOPTED, intent });
  }
  return said;
}
