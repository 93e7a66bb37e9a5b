/**
 * What turns the observed table into the desired one, in the order in which it is done. An empty plan means that
 * they agree. Foreign rules never occur in it: they have no text here, only a place.
 */
import { isOurs } from '../netfilter/chain.ts';
import { RETURN_RULE } from '../netfilter/rule.ts';
import type { Desired, DesiredChain } from '../desired/desire.ts';
import type { Observed, ObservedRule, OurRule } from '../observed/observe.ts';
import { isRewriteCheaper, type Variant } from './cost.ts';
import { reorder, type Wanted } from './reorder.ts';

export interface Plan {
  readonly changes: readonly Change[];
  /** Hooks that do not exist: their jumps wait for them. */
  readonly missingHooks: readonly string[];
}

export type Change =
  /** A new chain; each rule of it is new. */
  | { readonly kind: 'create'; readonly chain: string; readonly rules: readonly string[] }
  /** The chain is emptied and filled again, in one transaction and with its counters. */
  | {
      readonly kind: 'rewrite';
      readonly chain: string;
      readonly rules: readonly CountedRule[];
      readonly difference: Difference;
    }
  | { readonly kind: 'delete'; readonly chain: string; readonly rule: string }
  /** `at` counts from 1, as iptables does. */
  | { readonly kind: 'insert'; readonly chain: string; readonly at: number; readonly rule: string }
  | { readonly kind: 'remove'; readonly chain: string };

export interface CountedRule {
  readonly rule: string;
  readonly packets: number;
  readonly bytes: number;
}

export interface Difference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface PlanOptions {
  readonly hooks: readonly string[];
  readonly prefix: string;
  readonly variant: Variant;
}

/** Plans one family. */
export function plan(desired: Desired, observed: Observed, options: PlanOptions): Plan {
  const chains: Change[] = [];
  for (const [chain, want] of desired.chains) {
    const rules = observed.chains.get(chain);
    if (rules === undefined) chains.push({ kind: 'create', chain, rules: rulesOf(want) });
    else chains.push(...changeChain(chain, want, { rules, variant: options.variant }));
  }

  const jumps: Change[] = [];
  for (const [chain, rules] of observed.chains) {
    if (isOurs(chain, options.prefix)) continue;
    const wanted = options.hooks.includes(chain) ? desired.jumps : [];
    jumps.push(...changeJumps(chain, rules, wanted));
  }

  const removals = Array.from(observed.chains.keys())
    .filter((chain) => isOurs(chain, options.prefix) && !desired.chains.has(chain))
    .map((chain): Change => ({ kind: 'remove', chain }));
  return {
    // Chains before the jumps to them, and jumps gone before the chains they led to.
    changes: [...chains, ...jumps, ...removals],
    missingHooks: options.hooks.filter((hook) => !observed.chains.has(hook)),
  };
}

function rulesOf({ allows, verdicts }: DesiredChain): readonly string[] {
  return [...allows, ...verdicts, RETURN_RULE];
}

interface Present {
  readonly rules: readonly ObservedRule[];
  readonly variant: Variant;
}

function changeChain(chain: string, want: DesiredChain, { rules, variant }: Present): readonly Change[] {
  const present = rules.filter((rule): rule is OurRule => rule.kind === 'ours');
  const { kept, deleted, missing } = reorder(present, wanted(want));
  if (deleted.length === 0 && missing.length === 0) return [];
  const cost = {
    present: present.length,
    wanted: want.allows.length + want.verdicts.size + 1,
    deleted: deleted.length,
    inserted: missing.length,
  };
  if (isRewriteCheaper(cost, variant)) return [rewrite(chain, want, present)];
  return [
    ...deleted.map((rule): Change => ({ kind: 'delete', chain, rule })),
    ...insertions(chain, { kept, missing, rankOf: wanted(want).rankOf }),
  ];
}

/** Allows each at its place, verdicts anywhere between them and the end. */
function wanted(want: DesiredChain): Wanted {
  const { allows, verdicts } = want;
  const places = new Map(allows.map((rule, index) => [rule, index]));
  places.set(RETURN_RULE, allows.length + 1);
  return {
    rules: rulesOf(want),
    rankOf: (rule) => (verdicts.has(rule) ? allows.length : places.get(rule)),
  };
}

function rewrite(chain: string, want: DesiredChain, present: readonly OurRule[]): Change {
  const counted = new Map(present.map((rule) => [rule.text, rule]));
  const rules = rulesOf(want);
  const wanted = new Set(rules);
  return {
    kind: 'rewrite',
    chain,
    rules: rules.map((rule) => ({
      rule,
      packets: counted.get(rule)?.packets ?? 0,
      bytes: counted.get(rule)?.bytes ?? 0,
    })),
    difference: {
      added: rules.filter((rule) => !counted.has(rule)),
      removed: present.filter((rule) => !wanted.has(rule.text)).map((rule) => rule.printed),
    },
  };
}

/** Jumps stand at the top, in order, each once; one that a foreign rule got ahead of is taken out and put back. */
function changeJumps(
  chain: string,
  rules: readonly ObservedRule[],
  jumps: readonly string[],
): readonly Change[] {
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
    ...deleted.map((rule): Change => ({ kind: 'delete', chain, rule })),
    ...insertions(chain, { kept, missing, rankOf }),
  ];
}

interface Insertion {
  readonly kept: readonly string[];
  readonly missing: readonly string[];
  readonly rankOf: (rule: string) => number | undefined;
}

/** Each missing rule goes ahead of all that rank higher, and of those that rank the same: as the article did. */
function insertions(chain: string, { kept, missing, rankOf }: Insertion): readonly Change[] {
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
