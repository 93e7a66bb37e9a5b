/**
 * What a change of policy.yaml lifts and what it drops: no claim changes by it, so that neither the log nor git would
 * tell of it otherwise.
 */
import type { PolicyInForce } from '../ledger/policy-in-force.ts';
import { compareRegions, explain, type Grounds } from '../desired/conclude.ts';
import { claimLines, denyLines } from '../policy/effect/policy-lines.ts';
import { countText } from '../domain/words.ts';
import { EMPTY_STATE, type State } from '../claims/state.ts';

/** Lines that git keeps of one change; what else it did is found by the diff of the policy. */
const MAX_LINES = 100;

/**
 * The lines of the change since this process last asked, or its predecessor. To be asked before the policy is
 * committed.
 */
export async function findPolicyChanges(
  inForce: PolicyInForce,
  { state, ...grounds }: Grounds & { readonly state: State },
): Promise<readonly string[]> {
  const { policy, now, ownAddresses } = grounds;
  const before = await inForce.exchangeTold(policy);
  if (before === policy) return [];
  const old = { policy: before, ownAddresses, now };
  const edited = { policy, ownAddresses, now };
  const lines = [...denyLines(explain(EMPTY_STATE, old).judgement, explain(EMPTY_STATE, edited).judgement)];
  for (const region of compareRegions(state, { before: old, after: grounds }))
    lines.push(...claimLines(region.before, region.after));
  const more = lines.length - MAX_LINES;
  return more <= 0
    ? lines
    : [...lines.slice(0, MAX_LINES), `policy: and ${countText(more, 'more change')} of that kind`];
}
