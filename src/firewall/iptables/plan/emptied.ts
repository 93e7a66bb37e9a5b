/** Tells when somebody is in the middle of making the table anew. */
import type { Observed } from '../observed/observe.ts';
import type { Signs } from '../../dataplane.ts';
import type { Ruleset } from '../wanted/ruleset.ts';

interface EmptiedOptions extends Signs {
  readonly hooks: readonly string[];
  readonly trusted: Observed | undefined;
}

/**
 * True when a hook lost all our jumps to a flush. A script that flushes goes on to delete its chains, which fails when
 * ours are full again by then, and leaves a policy of DROP without the accepts that were to follow. One rule that goes
 * from among others was deleted: nothing is to be waited for.
 */
export function isEmptied(
  { chains }: Observed,
  before: Pick<Ruleset, 'jumps'> | undefined,
  { hooks, changes, trusted, cut }: EmptiedOptions,
): boolean {
  if (before === undefined || before.jumps.length === 0 || changes.length === 0) return false;
  return hooks.some((hook) => {
    const rules = chains.get(hook);
    if (rules === undefined || rules.some(({ kind }) => kind === 'ours')) return false;
    if (rules.length === 0) return true;
    // It may be filled again already. Where our jump was alone, a flush takes one rule, as a delete does.
    const count = cut.get(hook) ?? 0;
    return count > 1 || (count === 1 && trusted?.chains.get(hook)?.length === 1);
  });
}

/** Chains of ours that stand without a rule. */
export function emptiedChains({ chains }: Observed, wanted: Ruleset): readonly string[] {
  return [...wanted.chains.keys()].filter((chain) => chains.get(chain)?.length === 0);
}
