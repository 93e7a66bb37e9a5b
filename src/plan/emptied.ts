/** Tells when somebody is in the middle of making the table anew. */
import type { Desired } from '../desired/desire.ts';
import type { Observed } from '../observed/observe.ts';
import type { Change } from './change.ts';

/**
 * True when a hook in which our jumps stood has no rule left, and more than one rule of ours is gone. A script that empties
 * the table goes on to delete its chains, which fails when ours are full again by then, and leaves a policy of DROP
 * without the accepts that were to follow.
 */
export function isEmptied(
  { chains }: Observed,
  before: Desired | undefined,
  { hooks, changes }: { readonly hooks: readonly string[]; readonly changes: readonly Change[] },
): boolean {
  if (before === undefined || before.jumps.length === 0 || changes.length < 2) return false;
  return hooks.some((hook) => chains.get(hook)?.length === 0);
}
