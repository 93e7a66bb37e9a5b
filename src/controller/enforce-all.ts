/** Enforces each family on its own: one that fails, or hangs, keeps none from the other. */
import { countMembers } from '../netfilter/members.ts';
import type { Observed } from '../observed/observe.ts';
import type { Family } from '../net/net.ts';
import type { Conclusion } from '../pass/conclude.ts';
import { desireFamily } from '../pass/desire-family.ts';
import type { Ruleset } from '../plan/ruleset.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Firewall } from '../system/iptables.ts';
import { HEAD_START_MS, LATE, withPatience } from '../system/patience.ts';
import { enforce, type Enforced } from './enforce.ts';
import type { Memory } from './memory.ts';
import { openDataplane } from './open-dataplane.ts';
import type { Problem } from '../names/conditions.ts';
import type { FamilyChanges, PassKind, SetSize } from './pass.ts';
import { backendProblems, familyProblems } from './problems.ts';
import type { World } from './world.ts';

export interface EnforcedAll {
  readonly changes: readonly FamilyChanges[];
  readonly drift: readonly (FamilyChanges & Pick<Enforced, 'emptied'>)[];
  readonly sets: readonly SetSize[];
  readonly problems: readonly Problem[];
  /** True when no family came to what it should hold: another try is not to be made for each new file. */
  readonly isBlocked: boolean;
}

export interface EnforceAllOptions {
  readonly conclusion: Conclusion;
  readonly firewall: Firewall;
  readonly kind: PassKind;
  /** Families whose table somebody else changed since the last pass. */
  readonly suspects: ReadonlySet<Family>;
  /** Families whose bans are still to be adopted, with what keeps them from it: nothing is changed in these. */
  readonly pending: ReadonlyMap<Family, unknown>;
}

/** Enforces, and remembers what was seen and what was wanted. A family that hangs keeps neither the other nor the saving. */
export async function enforceAll(
  world: World,
  memory: Memory,
  options: EnforceAllOptions,
): Promise<EnforcedAll> {
  const running: Promise<Outcome>[] = [];
  for (const family of world.config.families) {
    const outcome = startFamily(world, memory, { ...options, family });
    running.push(outcome);
    await withPatience(outcome, HEAD_START_MS);
  }
  const outcomes = await Promise.all(running);
  return {
    changes: outcomes.flatMap(({ changes }) => changes),
    drift: outcomes.flatMap(({ drift }) => drift),
    sets: outcomes.flatMap(({ sets }) => sets),
    problems: outcomes.flatMap(({ problems }) => problems),
    isBlocked: outcomes.every(({ problems }) => problems.some(({ condition }) => condition === 'Converged')),
  };
}

type Outcome = Omit<EnforcedAll, 'isBlocked'>;

interface FamilyOptions extends EnforceAllOptions {
  readonly family: Family;
}

/** A hundred thousand rules of iptables-nft take ten seconds to list; what took less so far has less time. */
const FIRST_PATIENCE_MS = 15_000;
const LEAST_PATIENCE_MS = 5_000;
const PATIENCE_FACTOR = 4;

/** Enforces one family, for as long as there is patience. What goes on after that counts no more. */
async function startFamily(world: World, memory: Memory, options: FamilyOptions): Promise<Outcome> {
  const { family, kind } = options;
  const failing = memory.failing.get(family);
  // Where the other family is well each new ban makes a pass: the one that fails is tried again by full ones alone.
  const isLeftAlone = memory.hanging.has(family) || (kind === 'quick' && failing !== undefined);
  if (failing !== undefined && isLeftAlone) return { ...NOTHING_DONE, problems: [failing] };

  const startedAt = performance.now();
  const took = memory.took.get(family);
  const patience =
    took === undefined ? FIRST_PATIENCE_MS : Math.max(LEAST_PATIENCE_MS, took * PATIENCE_FACTOR);
  const enforcing = enforceFamily(world, memory, options).finally(() => memory.hanging.delete(family));
  enforcing.catch(() => undefined);
  memory.hanging.add(family);
  try {
    const done = await withPatience(enforcing, patience);
    if (done === LATE) {
      const seconds = Math.round(patience / 1000);
      throw new Error(`iptables does not come to an end; the rest goes on without it after ${seconds} s`);
    }
    memory.took.set(family, Math.max(took ?? 0, performance.now() - startedAt));
    const outcome = done();
    const contended = outcome.problems.find(({ condition }) => condition === 'Converged');
    if (contended === undefined) memory.failing.delete(family);
    else memory.failing.set(family, contended);
    return outcome;
  } catch (error) {
    const hint = error instanceof BanspoolError && error.hint !== undefined ? `; mend: ${error.hint}` : '';
    const message = `${family}: ${messageOf(error)}${hint}`;
    const problem: Problem = { condition: 'Converged', reason: 'ApplyFailed', message };
    memory.failing.set(family, problem);
    return { ...NOTHING_DONE, problems: [problem] };
  }
}

const NOTHING_DONE: Outcome = { changes: [], drift: [], sets: [], problems: [] };

/** Returns what remembers the end, and tells of it: to be called only where somebody waited for it. */
async function enforceFamily(
  world: World,
  memory: Memory,
  { family, conclusion, firewall, kind, suspects, pending }: FamilyOptions,
): Promise<() => Outcome> {
  const { hooks } = world.config;
  const before = memory.enforced.get(family);
  const trusted = kind === 'full' ? undefined : memory.observed.get(family);
  // Without it nothing is trusted in a pass that ends in an error.
  memory.observed.delete(family);
  if (pending.has(family)) throw pending.get(family) as Error;
  const dataplane = openDataplane(world, firewall, family);
  const wanted = dataplane.rulesetOf(desireFamily(conclusion, family, before?.desired), before);
  const isSuspect = suspects.has(family);
  const cut = (): ReadonlyMap<string, number> => memory.drift.cutIn(family);
  const looking = { dataplane, hooks, trusted, isSuspect, before, cut };
  const enforced = await enforce(wanted, looking);
  return () => {
    if (enforced.remaining.length === 0) memory.observed.set(family, enforced.observed);
    memory.enforced.set(family, wanted);
    return {
      changes: [{ family, changes: enforced.changes }],
      drift: [{ family, changes: enforced.drift, emptied: enforced.emptied }],
      sets: sizesOf(enforced.ruleset, enforced.observed),
      problems: [...familyProblems(family, enforced), ...backendProblems(wanted, firewall, world.config)],
    };
  };
}

/** Takes what another process's pass left in the state for enforced: none of that is drift. */
export function supposeEnforced(
  world: World,
  memory: Memory,
  { conclusion, firewall }: Pick<EnforceAllOptions, 'conclusion' | 'firewall'>,
): void {
  for (const [family, before] of memory.enforced) {
    const desired = desireFamily(conclusion, family, before.desired);
    memory.enforced.set(family, openDataplane(world, firewall, family).rulesetOf(desired, before));
  }
}

function sizesOf(ruleset: Ruleset, observed: Observed): readonly SetSize[] {
  return Array.from(ruleset.chains.values()).flatMap(({ set }) => {
    if (set === undefined) return [];
    const { name, members } = set;
    const capacity = observed.sets.get(name)?.capacity ?? 0;
    return [{ name, members: countMembers(members), capacity }];
  });
}
