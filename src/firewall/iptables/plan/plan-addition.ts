/**
 * Plans a chain to which bans came since all of it was known to stand as it should: none of a thousand rules is looked
 * at, and none is made. The slow way is plan-chain.ts, and both give the same.
 */
import { countMembers } from '../../../desired/members.ts';
import type { Variant } from '../../../domain/variant.ts';
import { verdictRule, type Rule } from '../rules/rule.ts';
import type { Ruleset } from '../wanted/ruleset.ts';
import type { RuleChange } from './change.ts';
import { isRewriteCheaper } from './cost.ts';
import { diffMembers } from './diff-members.ts';

interface Rulesets {
  readonly wanted: Ruleset;
  /** What stands as it should. */
  readonly settled: Ruleset;
  readonly variant: Variant;
}

/** Undefined where all of the chain has to be looked at. */
export function planAddition(
  chain: string,
  { wanted, settled, variant }: Rulesets,
): readonly RuleChange[] | undefined {
  const [want, before] = [wanted.chains.get(chain), settled.chains.get(chain)];
  if (want === undefined || before === undefined) return undefined;
  if (want === before) return [];
  const { verdict } = wanted.means;
  if (want.set !== undefined || before.set !== undefined || verdict !== settled.means.verdict)
    return undefined;
  if (!areSame(want.allows, before.allows)) return undefined;
  const { added, removed } = diffMembers(before.jail.members, want.jail.members, 0);
  const present = before.allows.length + countMembers(before.jail.members) + 1;
  const cost = { present, wanted: present + added.length, deleted: 0, inserted: added.length };
  if (removed.length > 0 || isRewriteCheaper(cost, variant)) return undefined;
  return added.map(({ text }) => {
    const rule = verdictRule({ family: wanted.family, text }, verdict);
    return { kind: 'insert', chain, at: want.allows.length + 1, rule };
  });
}

function areSame(one: readonly Rule[], other: readonly Rule[]): boolean {
  if (one === other) return true;
  return one.length === other.length && one.every(({ text }, place) => text === other[place]?.text);
}
