/** How long one family's firewall may take before the rest goes on without it. */
import type { Conclusion } from '../desired/conclude.ts';
import type { Desired } from '../desired/desire.ts';
import type { Family } from '../domain/net.ts';

/** A hundred thousand rules of iptables-nft take ten seconds to list. */
export const FIRST_PATIENCE_MS = 15_000;
const LEAST_PATIENCE_MS = 5_000;
const PATIENCE_FACTOR = 4;

/** A net takes ipset 3 µs where nothing else works. */
const PATIENCE_PER_NET_MS = 0.03;

/**
 * Nets that come at once: at a start all that are claimed or denied, and at any time those of lists that were not
 * enforced as they are now.
 */
export function newNets(
  { lists, deny, portions }: Pick<Conclusion, 'lists' | 'deny' | 'portions'>,
  family: Family,
  before: Desired | undefined,
): number {
  let nets = 0;
  const known = before?.options.lists ?? [];
  for (const list of lists) if (!known.includes(list)) nets += list.table.size(family);
  if (before !== undefined) return nets;
  for (const portion of portions[family].values())
    for (const { members } of portion.values()) nets += members.size;
  return nets + deny.length;
}

/** What else is due where so many nets come that were not there. */
export function patienceForNets(nets: number): number {
  return nets * PATIENCE_PER_NET_MS;
}

/** The patience, in milliseconds, with a family that took `longest` milliseconds at the most so far. */
export function patienceAfter(longest: number): number {
  return Math.max(LEAST_PATIENCE_MS, longest * PATIENCE_FACTOR);
}
