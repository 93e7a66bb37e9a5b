/** What turns one of our chains into what it should be. */
import { isVerdict, RETURN_RULE, type Rule } from '../rules/rule.ts';
import type { ObservedRule, OurRule } from '../observed/observe.ts';
import type { RuleChange } from './change.ts';
import { isRewriteCheaper } from './cost.ts';
import type { Counts } from './counts-before.ts';
import type { Variant } from '../../../domain/variant.ts';
import { insertions } from './insertions.ts';
import { reorder, type WantedOrder } from './reorder.ts';
import type { ChainRules } from '../wanted/wanted-chain.ts';

interface PresentChain {
  /** Undefined: there is no such chain. */
  readonly rules: readonly ObservedRule[] | undefined;
  readonly variant: Variant;
  /** What nets counted in a set that its rules looked into until now. */
  readonly counts?: Counts | undefined;
}

/** Plans one chain. */
export function planChain(
  chain: string,
  want: ChainRules,
  { rules, variant, counts }: PresentChain,
): readonly RuleChange[] {
  if (rules === undefined) return [{ kind: 'create', chain, rules: rulesOf(want) }];
  const present = rules.filter((rule): rule is OurRule => rule.kind === 'ours');
  // One that iptables cannot print can be told from none other, and any other strange one may not be found by its text.
  if (present.some(({ rule }) => rule === undefined)) return [rewrite(chain, want, { present, counts })];
  const wanted = wantedOf(want);
  const { kept, deleted, missing } = reorder(present, wanted);
  if (deleted.length === 0 && missing.length === 0) return [];
  const cost = {
    present: present.length,
    wanted: want.allows.length + want.verdicts.size + 1,
    deleted: deleted.length,
    inserted: missing.length,
  };
  // What is inserted counts from nought.
  if (counts !== undefined || isRewriteCheaper(cost, variant))
    return [rewrite(chain, want, { present, counts })];
  return [
    ...deleted.map((printed): RuleChange => ({ kind: 'delete', chain, printed })),
    ...insertions(chain, { kept, missing, rankOf: wanted.rankOf }),
  ];
}

function rulesOf({ allows, verdicts }: ChainRules): readonly Rule[] {
  return [...allows, ...verdicts.values(), RETURN_RULE];
}

/** Allows each at its place, verdicts anywhere between them and the end. */
function wantedOf(want: ChainRules): WantedOrder {
  const { allows, verdicts } = want;
  const places = new Map(allows.map(({ text }, index) => [text, index]));
  places.set(RETURN_RULE.text, allows.length + 1);
  return {
    rules: rulesOf(want),
    rankOf: ({ text }) => (verdicts.has(text) ? allows.length : places.get(text)),
  };
}

interface Before {
  readonly present: readonly OurRule[];
  readonly counts: Counts | undefined;
}

function rewrite(chain: string, want: ChainRules, { present, counts }: Before): RuleChange {
  const counted = new Map(present.map((each) => [each.rule?.text, each]));
  const rules = rulesOf(want);
  const wanted = new Set<string | undefined>(rules.map(({ text }) => text));
  return {
    kind: 'rewrite',
    chain,
    rules: rules.map((rule) => {
      const ofMember = rule.match === 'source' && isVerdict(rule) ? counts?.get(rule.source) : undefined;
      const { packets, bytes } = counted.get(rule.text) ?? ofMember ?? NOTHING;
      return { rule, packets, bytes };
    }),
    difference: {
      added: rules.filter(({ text }) => !counted.has(text)),
      removed: present.filter(({ rule }) => !wanted.has(rule?.text)).map(({ printed }) => printed),
    },
    ...(counts !== undefined && { countsOn: 'sets' }),
  };
}

const NOTHING = { packets: 0, bytes: 0 };
