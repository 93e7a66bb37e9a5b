/** What is wrong with a family's table, as conditions that are not true. */
import type { Family } from '../domain/net.ts';
import { changeWords } from './change-words.ts';
import { countText, numberText } from '../domain/words.ts';
import type { Converged } from './converge.ts';
import type { Problem } from '../domain/conditions.ts';

/** Of one family's table. */
export function familyProblems(
  family: Family,
  { remaining, missingHooks, heldSets, noise }: Converged,
): readonly Problem[] {
  const problems: Problem[] = missingHooks.map((hook) => ({
    condition: 'HooksPresent',
    reason: 'HookMissing',
    message: `${family}: there is no chain ${hook}; its jumps are made as soon as there is`,
  }));
  if (remaining.length > 0) {
    const [first] = remaining;
    const message = `${family}: after all tries ${countText(remaining.length, 'change')} remain, first: ${first === undefined ? '' : changeWords(first)}; another program may be changing the same rules`;
    problems.push({ condition: 'Converged', reason: 'Contended', message });
  }
  if (heldSets.length > 0) {
    const { what, mend } = heldSetsWords(family, heldSets);
    problems.push({ condition: 'SetsUsable', reason: 'InUse', message: `${what}; fix: ${mend}` });
  }
  if (noise.length > 0) {
    const message = `${family}: iptables -S printed what is no rule, and it was passed over: "${noise[0] ?? ''}"`;
    problems.push({ condition: 'FirewallReadable', reason: 'Noise', message });
  }
  return problems;
}

/**
 * Of sets with names of ours that a rule of somebody else's keeps from going; the kernel renames none that is looked
 * into.
 */
export function heldSetsWords(
  family: Family,
  sets: readonly string[],
): { readonly what: string; readonly mend: string } {
  const shown = sets.slice(0, SHOWN_SETS).join(', ');
  const more = sets.length > SHOWN_SETS ? ` and ${numberText(sets.length - SHOWN_SETS)} more` : '';
  const what =
    sets.length === 1
      ? `the set ${shown} has a name of ours and is of no use to us, but cannot go: something that is not ours looks into it`
      : `the sets ${shown}${more} have names of ours and are of no use to us, but cannot go: something that is not ours looks into them`;
  return { what: `${family}: ${what}; bans are enforced all the same`, mend: MEND_OF_HELD };
}

const SHOWN_SETS = 5;
const MEND_OF_HELD =
  'let that rule, or list of sets, look into a set of another name, or take it out; the next full pass then removes what is of no use';
