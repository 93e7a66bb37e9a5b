/** How long one family's firewall may take before the rest goes on without it. */

/** A hundred thousand rules of iptables-nft take ten seconds to list. */
export const FIRST_PATIENCE_MS = 15_000;
const LEAST_PATIENCE_MS = 5_000;
const PATIENCE_FACTOR = 4;

/** A net of a list takes ipset 3 µs where nothing else works. */
const PATIENCE_PER_NET_MS = 0.03;

/** What else is due where lists bring so many nets that were not there. */
export function patienceForNets(nets: number): number {
  return nets * PATIENCE_PER_NET_MS;
}

/** The patience, in milliseconds, with a family that took `longest` milliseconds at the most so far. */
export function patienceAfter(longest: number): number {
  return Math.max(LEAST_PATIENCE_MS, longest * PATIENCE_FACTOR);
}
