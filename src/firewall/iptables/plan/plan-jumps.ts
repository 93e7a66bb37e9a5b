/** What brings the jumps in a chain that is not ours to where they should be. */
import type { Rule } from '../rules/rule.ts';
import type { ObservedRule } from '../observed/observe.ts';
import type { RuleChange } from './change.ts';
import { insertions } from './insertions.ts';
import { reorder } from './reorder.ts';

/** Jumps stand at the top, in order, each once; one that a foreign rule got ahead of is taken out and put back. */
export function planJumps(
  chain: string,
  rules: readonly ObservedRule[],
  jumps: readonly Rule[],
): readonly RuleChange[] {
  const firstForeign = rules.findIndex((rule) => rule.kind === 'foreign');
  const present = rules.flatMap((rule, index) => {
    if (rule.kind === 'foreign') return [];
    const sunk = firstForeign >= 0 && index > firstForeign;
    return [{ rule: sunk ? undefined : rule.rule, printed: rule.printed }];
  });
  const places = new Map(jumps.map(({ text }, index) => [text, index]));
  const rankOf = ({ text }: Rule): number | undefined => places.get(text);
  const { kept, deleted, missing } = reorder(present, { rules: jumps, rankOf });
  return [
    ...deleted.map((printed): RuleChange => ({ kind: 'delete', chain, printed })),
    ...insertions(chain, { kept, missing, rankOf }),
  ];
}
