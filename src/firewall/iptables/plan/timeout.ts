/**
 * How long a member of a set may stay without a word of ours. The controller takes it out at its end, to the second;
 * the kernel's own timeout is for when there is no controller any more.
 */

/** ipset takes no longer timeout (IPSET_MAX_TIMEOUT, UINT_MAX / 1000 / 2); 24 days and 20 hours. */
const MAX_TIMEOUT_S = 2_147_483;

/** How much longer than the ban: clocks differ, and a pass may be late. */
const BACKSTOP_S = 300;

/** What to set, in whole seconds; 0 for a ban without an end. Times in milliseconds since 1970. */
export function timeoutFor(until: number, now: number): number {
  if (until === Infinity) return 0;
  return Math.min(MAX_TIMEOUT_S, Math.max(1, Math.ceil((until - now) / 1000)) + BACKSTOP_S);
}

/**
 * True when what is left of a timeout will do. A ban longer than the longest timeout is refreshed when half of that is
 * over. Seconds left; 0 is without an end.
 */
export function isTimeoutFit(left: number, until: number, now: number): boolean {
  if (until === Infinity || left === 0) return until === Infinity && left === 0;
  const wanted = (until - now) / 1000 + BACKSTOP_S;
  if (wanted > MAX_TIMEOUT_S) return left >= MAX_TIMEOUT_S / 2;
  return Math.abs(left - wanted) <= BACKSTOP_S / 2;
}
