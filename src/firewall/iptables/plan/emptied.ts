/** Tells when somebody is in the middle of making the table anew. */
import { earlyChain } from '../../chain.ts';
import { rawChains, type Observed } from '../observed/observe.ts';
import { RAW_HOOK } from '../wanted/early.ts';
import type { Signs } from '../../dataplane.ts';
import type { Ruleset } from '../wanted/ruleset.ts';

interface EmptiedOptions extends Signs {
  /** True where a jump of ours stood in the table raw. */
  readonly early?: boolean;
  readonly hooks: readonly string[];
  readonly trusted: Observed | undefined;
}

/**
 * True when a hook lost all our jumps to a flush. A script that flushes goes on to delete its chains, which fails when
 * ours are full again by then, and leaves a policy of DROP without the accepts that were to follow. One rule that goes
 * from among others was deleted: nothing is to be waited for.
 */
export function isEmptied(
  observed: Observed,
  before: Pick<Ruleset, 'jumps'> | undefined,
  { hooks, changes, trusted, cut, early = false }: EmptiedOptions,
): boolean {
  const { chains } = observed;
  if (before === undefined || before.jumps.length === 0 || changes.length === 0) return false;
  if (early && rawChains(observed).get(RAW_HOOK)?.length === 0) return true;
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
export function emptiedChains(observed: Observed, wanted: Ruleset): readonly string[] {
  const early = earlyChain(wanted.means.prefix);
  return [
    ...[...wanted.chains.keys()].filter((chain) => observed.chains.get(chain)?.length === 0),
    ...(rawChains(observed).get(early)?.length === 0 ? [early] : []),
  ];
}
