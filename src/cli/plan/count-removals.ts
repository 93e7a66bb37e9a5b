/** What the next pass takes out of the firewall where banspool only observes: what an earlier mode has left there. */
import { desireFamily } from '../../desired/desire-family.ts';
import { enforceNothing } from '../../desired/enforce-nothing.ts';
import type { Preview } from '../../pass/preview.ts';

/** How many changes that is; none in families where nothing was ever enforced. */
export function countRemovals({ families, untouched, conclude }: Preview): number {
  const nothing = enforceNothing(conclude());
  return families.reduce((sum, family) => {
    if (family.kind === 'unreadable' || untouched.has(family.family)) return sum;
    const { dataplane, observed } = family;
    const plan = dataplane.plan(dataplane.rulesetOf(desireFamily(nothing, family.family)), observed);
    return sum + plan.changes.length;
  }, 0);
}
