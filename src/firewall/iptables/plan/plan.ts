/**
 * What turns the observed firewall into the wanted one, in the order in which it is done. An empty plan means that
 * they agree. Foreign rules never occur in it: they have no text here, only a place.
 */
import { isOurs } from '../../chain.ts';
import { setLookedInto } from '../rules/strange-rule.ts';
import { rawChains, type Observed, type ObservedRule } from '../observed/observe.ts';
import { earlyTable, RAW_HOOK, type TableWanted } from '../wanted/early.ts';
import type { Change, HandleChange, RuleChange, SetChange } from './change.ts';
import type { Variant } from '../../../domain/variant.ts';
import { countsOfSets } from './counts-before.ts';
import { planAllows } from './plan-allows.ts';
import { planChain } from './plan-chain.ts';
import { planAddition } from './plan-addition.ts';
import { planJumps } from './plan-jumps.ts';
import { hasHandles, planNativeJumps } from './plan-native-jumps.ts';
import { planSets } from './plan-sets.ts';
import { withSpareSets } from './spare-sets.ts';
import type { Ruleset } from '../wanted/ruleset.ts';

export interface Plan {
  /** What it leads to: the wanted one, but for sets whose names are taken. */
  readonly ruleset: Ruleset;
  readonly changes: readonly Change[];
  /** Hooks that do not exist: their jumps wait for them. */
  readonly missingHooks: readonly string[];
  /** Sets of ours that should go, and that somebody else's rule looks into. */
  readonly heldSets: readonly string[];
  /** More is to be planned once this is done. */
  readonly isPartial: boolean;
  /** Sets of ours by name, of another kind, that have to wait for that. */
  readonly blockedSets: readonly string[];
}

interface PlanOptions {
  readonly hooks: readonly string[];
  readonly prefix: string;
  readonly variant: Variant;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Sets that nobody but ours looked into, whatever the kernel still counts. */
  readonly free?: ReadonlySet<string>;
  /** What the observed table is known to agree with: chains that are the same in it are not looked at again. */
  readonly settled?: Ruleset | undefined;
}

/** Plans one family. */
export function plan(wanted: Ruleset, observed: Observed, options: PlanOptions): Plan {
  const ruleset = withSpareSets(wanted, observed, options.free ?? NONE);
  const sets = planSets(ruleset, observed, options.now);
  const missingHooks = options.hooks.filter((hook) => !observed.chains.has(hook));
  const isPartial = sets.blocked.length > 0;
  const rest = { ruleset, missingHooks, heldSets: sets.held, isPartial, blockedSets: sets.blockedSets };
  if (isPartial) return { changes: sets.blocked, ...rest };
  const growing = growingSets(sets.before);
  const { settled, variant } = options;
  const known = (chain: string): readonly RuleChange[] | undefined =>
    settled === undefined ? undefined : planAddition(chain, { wanted: ruleset, settled, variant });
  const rules = planRules(ruleset, observed, { ...options, growing, known });
  const raw = planRaw(ruleset, observed, { ...options, growing });
  // Who is allowed before the sets that would drop him, sets before the rules that look into them, and gone after
  // those. Where a kernel refuses the table raw, all of filter stands already.
  const changes = [...rules.allows, ...raw.allows, ...sets.before, ...rules.changes, ...rules.handles];
  return {
    changes: [...changes, ...rules.removals, ...raw.changes, ...raw.removals, ...sets.after],
    ...rest,
  };
}

const NONE: ReadonlySet<string> = new Set();

/** Sets that stand and get members: rules look into them already. */
function growingSets(changes: readonly SetChange[]): ReadonlySet<string> {
  return new Set(
    changes.flatMap((change): readonly string[] => {
      switch (change.kind) {
        case 'make-set':
          return change.instead ? [change.set.name] : [];
        case 'change-set':
          return change.added.length > 0 ? [change.set] : [];
        case 'destroy-set':
          return [];
      }
    }),
  );
}

interface RulesPlan {
  /** Ahead of the sets. */
  readonly allows: readonly RuleChange[];
  readonly changes: readonly RuleChange[];
  /** Jumps that only nft can take out. */
  readonly handles: readonly HandleChange[];
  /** Of chains, once nothing leads to them any more. */
  readonly removals: readonly RuleChange[];
}

interface RulesOptions extends PlanOptions {
  readonly growing: ReadonlySet<string>;
  /** What is to be done to a chain that stands, where that is known without a look at its rules. */
  readonly known?: (chain: string) => readonly RuleChange[] | undefined;
}

/** The table ahead of connection tracking: what cannot be read is left alone. */
function planRaw(ruleset: Ruleset, observed: Observed, options: RulesOptions): RulesPlan {
  if (observed.raw?.kind !== 'read') return { allows: [], changes: [], handles: [], removals: [] };
  const seen = { family: observed.family, chains: rawChains(observed), sets: NO_SETS };
  const asked = { ...options, hooks: [RAW_HOOK] };
  const { allows, changes, handles, removals } = planRules(earlyTable(ruleset), seen, asked);
  const ofRaw = (each: RuleChange): RuleChange => ({ ...each, table: 'raw' });
  return { allows: allows.map(ofRaw), changes: changes.map(ofRaw), handles, removals: removals.map(ofRaw) };
}

/** Its rules look into sets that rules of filter look into too: nothing counts on from them. */
const NO_SETS: Observed['sets'] = new Map();

function planRules(ruleset: TableWanted, observed: Observed, options: RulesOptions): RulesPlan {
  const { hooks, prefix, variant, growing, known } = options;
  const allowed: RuleChange[] = [];
  const chains: RuleChange[] = [];
  for (const [chain, want] of ruleset.chains) {
    let rules = observed.chains.get(chain);
    const ready = rules === undefined ? undefined : known?.(chain);
    if (ready !== undefined) {
      chains.push(...ready);
      continue;
    }
    const looksInto = rules?.some((rule) => isInto(rule, growing));
    if (rules !== undefined && looksInto === true) {
      const allows = planAllows(chain, want, rules);
      allowed.push(...allows.changes);
      rules = allows.rules;
    }
    const counts = want.set === undefined ? countsOfSets(rules, observed) : undefined;
    chains.push(...planChain(chain, want, { rules, variant, counts }));
  }

  const jumps: RuleChange[] = [];
  const handles: HandleChange[] = [];
  for (const [chain, rules] of observed.chains) {
    if (isOurs(chain, prefix)) continue;
    const wanted = hooks.includes(chain) ? ruleset.jumps : [];
    if (hasHandles(rules)) {
      const { inserts, deletes } = planNativeJumps({ family: ruleset.family, chain, rules }, wanted);
      jumps.push(...inserts);
      handles.push(...deletes);
    } else jumps.push(...planJumps(chain, rules, wanted));
  }

  const removals = Array.from(observed.chains.keys())
    .filter((chain) => isOurs(chain, prefix) && !ruleset.chains.has(chain))
    .map((chain): RuleChange => ({ kind: 'remove', chain }));
  // Chains before the jumps to them, and jumps gone before the chains they led to.
  return { allows: allowed, changes: [...chains, ...jumps], handles, removals };
}

function isInto(rule: ObservedRule, sets: ReadonlySet<string>): boolean {
  const set = rule.kind === 'ours' ? setLookedInto(rule) : undefined;
  return set !== undefined && sets.has(set);
}
