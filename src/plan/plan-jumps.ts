/** What brings the jumps in a chain that is not ours to where they should be. */
import type { ObservedRule } from '../observed/observe.ts';
import type { RuleChange } from './change.ts';
import { insertions } from './insertions.ts';
import { reorder } from './reorder.ts';

/** Jumps stand at the top, in order, each once; one that a foreign rule got ahead of is taken out and put back. */
export function planJumps(
  chain: string,
  rules: readonly ObservedRule[],
  jumps: readonly string[],
): readonly RuleChange[] {
  const firstForeign = rules.findIndex((rule) => rule.kind === 'foreign');
  const present = rules.flatMap((rule, index) => {
    if (rule.kind === 'foreign') return [];
    const sunk = firstForeign >= 0 && index > firstForeign;
    return [{ text: sunk ? undefined : rule.text, printed: rule.printed }];
  });
  const places = new Map(jumps.map((rule, index) => [rule, index]));
  const rankOf = (rule: string): number | undefined => places.get(rule);
  const { kept, deleted, missing } = reorder(present, { rules: jumps, rankOf });
  return [
    ...deleted.map((rule): RuleChange => ({ kind: 'delete', chain, rule })),
    ...insertions(chain, { kept, missing, rankOf }),
  ];
}
