/** Where rules are put into a list that stands in order. */
import type { Rule } from '../rules/rule.ts';
import type { RuleChange } from './change.ts';

interface Insertion {
  readonly kept: readonly Rule[];
  readonly missing: readonly Rule[];
  readonly rankOf: (rule: Rule) => number | undefined;
}

/** Each missing rule goes ahead of all that rank higher, and of those that rank the same: as the article did. */
export function insertions(chain: string, { kept, missing, rankOf }: Insertion): readonly RuleChange[] {
  const perRank = new Map<number, number>();
  for (const rule of kept) {
    const rank = rankOf(rule) ?? 0;
    perRank.set(rank, (perRank.get(rank) ?? 0) + 1);
  }
  const before = (rank: number): number => {
    let count = 0;
    for (const [each, number] of perRank) if (each < rank) count += number;
    return count;
  };
  const byRank = [...missing].sort((a, b) => (rankOf(a) ?? 0) - (rankOf(b) ?? 0));
  return byRank.map((rule) => {
    const rank = rankOf(rule) ?? 0;
    const at = before(rank) + 1;
    perRank.set(rank, (perRank.get(rank) ?? 0) + 1);
    return { kind: 'insert', chain, at, rule };
  });
}
