/**
 * What each net of a chain counts where it stands, in rules or in the set that they look into, so that what takes their
 * place can count on from there.
 */
import type { Drops } from '../../drops.ts';
import { memberCounts } from '../observed/member-counts.ts';
import type { Observed, ObservedRule } from '../observed/observe.ts';
import { isVerdict } from '../rules/rule.ts';
import { setLookedInto } from '../rules/strange-rule.ts';

/** By canonical text; those that count nothing are left out. */
export type Counts = ReadonlyMap<string, Drops>;

const NO_COUNTS: Counts = new Map();

/** Of the rules of a chain, each of one net. */
export function countsOfRules(rules: readonly ObservedRule[] = []): Counts {
  const counts = new Map<string, Drops>();
  for (const each of rules) {
    if (each.kind !== 'ours' || each.packets === 0 || each.rule?.match !== 'source') continue;
    const { rule, packets, bytes } = each;
    if (isVerdict(rule)) counts.set(rule.source, { packets, bytes });
  }
  return counts;
}

/** Of the members of a set. */
export function countsOfSet(name: string, { sets }: Observed): Counts {
  const set = sets.get(name);
  if (!set?.isCounted) return NO_COUNTS;
  return new Map(
    Array.from(memberCounts(set), ({ text, packets, bytes }) => [text, { packets, bytes }] as const),
  );
}

/** Of the members of sets that rules of a chain look into; undefined where they look into none that counts. */
export function countsOfSets(
  rules: readonly ObservedRule[] | undefined,
  observed: Observed,
): Counts | undefined {
  const names = rules?.flatMap((rule) => (rule.kind === 'ours' ? (setLookedInto(rule) ?? []) : []));
  const counting = [...new Set(names)].filter((name) => observed.sets.get(name)?.isCounted === true);
  if (counting.length === 0) return undefined;
  return new Map(counting.flatMap((name) => [...countsOfSet(name, observed)]));
}
