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
    message: `${family}: the chain ${hook} does not exist; its jumps are added when it does`,
  }));
  if (remaining.length > 0) {
    const [first] = remaining;
    const message = `${family}: after all attempts ${countText(remaining.length, 'change')} remain, first: ${first === undefined ? '' : changeWords(first)}; another program may be changing the same rules`;
    problems.push({ condition: 'Converged', reason: 'Contended', message });
  }
  if (heldSets.length > 0) {
    const { what, mend } = heldSetsWords(family, heldSets);
    problems.push({ condition: 'SetsUsable', reason: 'InUse', message: `${what}; fix: ${mend}` });
  }
  if (noise.length > 0) {
    const message = `${family}: iptables -S printed a line that is not a rule; it was ignored: "${noise[0] ?? ''}"`;
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
      ? `cannot remove the unused set ${shown}, whose name is reserved for banspool: a rule or list of another program refers to it`
      : `cannot remove the unused sets ${shown}${more}, whose names are reserved for banspool: rules or lists of another program refer to them`;
  return { what: `${family}: ${what}; bans are still enforced`, mend: MEND_OF_HELD };
}

const SHOWN_SETS = 5;
const MEND_OF_HELD =
  'point that rule or list to a set with another name, or remove it; the next full pass then removes the unused set';
