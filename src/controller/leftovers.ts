/** Looks for rules of ours in the variant of iptables that is not used: they drop packets that nobody manages. */
import { isOurs } from '../netfilter/chain.ts';
import { observe } from '../observed/observe.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import type { Problem } from './pass.ts';
import type { World } from './world.ts';

/** A problem for each family in which the other variant holds chains of ours, or does not say what it holds. */
export async function findLeftovers({ config }: World, firewall: Firewall): Promise<readonly Problem[]> {
  const other = firewall.variant === 'nft' ? 'legacy' : 'nft';
  const problems: Problem[] = [];
  for (const family of config.families) {
    const chains = await chainsInOther(firewall, { family, prefix: config.chainPrefix });
    if (typeof chains === 'string') {
      const message = `${family}: whether iptables-${other} holds rules of ours cannot be told: ${chains}`;
      problems.push({ condition: 'OtherVariantClean', reason: 'Unreadable', message });
      continue;
    }
    if (chains.length === 0) continue;
    const shown = chains.slice(0, 3).join(', ') + (chains.length > 3 ? ', …' : '');
    const message = `${family}: iptables-${other} still holds ${chains.length} chains of ours (${shown}); banspool uses iptables-${firewall.variant} and leaves them alone: remove them, or set iptables: ${other}`;
    problems.push({ condition: 'OtherVariantClean', reason: 'Leftovers', message });
  }
  return problems;
}

/** Their names; why they cannot be told, where that is so. */
async function chainsInOther(
  firewall: Firewall,
  { family, prefix }: { family: 'ipv4' | 'ipv6'; prefix: string },
): Promise<readonly string[] | string> {
  try {
    const listing = observe(await firewall.listOther(family), { family, prefix });
    return listing.kind === 'observed'
      ? [...listing.observed.chains.keys()].filter((chain) => isOurs(chain, prefix))
      : [];
  } catch (error) {
    // A program that is not installed has left nothing behind, nor has one whose part of the kernel is missing.
    if (error instanceof BanspoolError && error.code === 'command-missing') return [];
    const message = messageOf(error);
    return message.includes('Protocol not supported') ? [] : message;
  }
}
