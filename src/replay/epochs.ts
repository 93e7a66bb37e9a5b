/** Times in which a policy says the same: it is another policy, or an entry of it ends, where the next one begins. */
import type { Policy } from '../policy/policy.ts';

export interface InForce {
  /** In milliseconds since 1970, and until the next one. */
  readonly from: number;
  readonly policy: Policy;
}

export interface Epoch extends InForce {
  readonly to: number;
}

/** In order, without a gap, from the first to `end`. */
export function epochsOf(policies: readonly InForce[], end: number): readonly Epoch[] {
  return policies.flatMap(({ from, policy }, index) => {
    const to = Math.min(end, policies[index + 1]?.from ?? end);
    const entries = [...policy.allow, ...policy.deny];
    const inside = entries.map(({ until }) => until).filter((until) => until > from && until < to);
    const starts = [from, ...Array.from(new Set(inside)).sort((a, b) => a - b)];
    return from >= to ? [] : starts.map((start, at) => ({ from: start, to: starts[at + 1] ?? to, policy }));
  });
}
