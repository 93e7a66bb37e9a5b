/** Reads what one family's firewall holds: the filter table, and the sets of ours. */
import { observe, type Observed } from '../observed/observe.ts';
import { observeSetHeads, withMembers, type ObservedSet } from '../observed/observe-sets.ts';
import type { Family } from '../net/net.ts';
import { BanspoolError } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';

export interface Place {
  readonly family: Family;
  readonly prefix: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Look {
  readonly observed: Observed;
  /** Lines that iptables printed and that are no rules. */
  readonly noise: readonly string[];
}

/** Reads all of it; throws when a listing cannot be trusted. */
export async function look(firewall: Firewall, place: Place): Promise<Look> {
  const { observed, noise } = await lookAtTable(firewall, place);
  return { observed: { ...observed, sets: await lookAtSets(firewall, place) }, noise };
}

/** Reads the table alone. */
export async function lookAtTable(firewall: Firewall, { family, prefix }: Place): Promise<Look> {
  const listing = observe(await firewall.list(family), { family, prefix });
  if (listing.kind === 'observed') return listing;
  throw new BanspoolError('command-failed', `what iptables lists cannot be trusted: ${listing.reason}`);
}

async function lookAtSets(
  { sets }: Firewall,
  { family, prefix, now }: Place,
): Promise<ReadonlyMap<string, ObservedSet>> {
  const found = new Map<string, ObservedSet>();
  if (sets.kind === 'unusable') return found;
  for (const head of observeSetHeads(await sets.heads(), { family, prefix })) {
    // Before it is listed: what is left of a timeout then is no more than what was read.
    const at = now();
    const set = head.make === 'alien' ? head : withMembers(head, await sets.list(head.name), at);
    found.set(set.name, set);
  }
  return found;
}
