/** The keeper of one family's table: makes it what it should be, for as long as there is patience, and remembers it. */
import { preventsConvergence, type Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { Family } from '../domain/net.ts';
import type { Conclusion } from '../desired/conclude.ts';
import { desireFamily } from '../desired/desire-family.ts';
import type { Change } from './change.ts';
import { messageWithMend } from '../system/error.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { LATE, withPatience } from '../system/patience.ts';
import type { Dataplane, Observed, Ruleset, SetSize } from './dataplane.ts';
import { FamilyDrops } from './drops.ts';
import { converge, type Converged } from './converge.ts';
import { openDataplane } from './open-dataplane.ts';
import { FIRST_PATIENCE_MS, newNets, patienceAfter, patienceForNets } from './family-patience.ts';
import { familyProblems } from './problems.ts';
import type { World } from '../world/world.ts';

export interface FamilyChanges {
  readonly family: Family;
  readonly changes: readonly Change[];
}

/** What was enforced, and the data plane whose form it has. */
export interface EnforcedRuleset {
  readonly ruleset: Ruleset;
  readonly dataplane: Dataplane;
}

export interface FamilyOutcome {
  readonly changes: readonly FamilyChanges[];
  readonly drift: readonly (FamilyChanges & Pick<Converged, 'emptied'>)[];
  readonly sets: readonly SetSize[];
  readonly problems: readonly Problem[];
}

interface EnforceFamilyOptions {
  readonly conclusion: Conclusion;
  readonly tools: Tools;
  readonly kind: PassKind;
  /** True when somebody else changed the table since the last pass. */
  readonly isSuspect: boolean;
  /** What keeps its bans from being adopted: nothing is changed until they are. */
  readonly pending: unknown;
  /** How many rules went from a chain in one transaction of somebody else's, as far as it is heard by now. */
  readonly cut: () => ReadonlyMap<string, number>;
  /** How long enforcing each family, or reading it at first, took so far at the most, in milliseconds: noted here. */
  readonly took: Map<Family, number>;
}

export class FamilyFirewall {
  readonly #world: Pick<World, 'config' | 'now'>;
  readonly #family: Family;
  /** What it was last known to hold, for quick passes: these leave it alone where that is not what it should be. */
  #observed: Observed | undefined;
  /** What was last enforced: what differs from it later is drift. */
  #enforced: EnforcedRuleset | undefined;
  /** What its rules and sets dropped. */
  readonly drops = new FamilyDrops();
  /** What keeps it from being what it should, until a full pass gets it there. */
  #failing: Problem | undefined;
  /** True while something is under way, perhaps since an earlier pass that lost patience. */
  #isHanging = false;

  constructor(world: Pick<World, 'config' | 'now'>, family: Family) {
    this.#world = world;
    this.#family = family;
  }

  get enforced(): EnforcedRuleset | undefined {
    return this.#enforced;
  }

  get isHanging(): boolean {
    return this.#isHanging;
  }

  /** Trusts no more what was seen. */
  distrust(): void {
    this.#observed = undefined;
  }

  /** Takes what another process's pass left in the state for enforced: none of that is drift. */
  supposeEnforced(conclusion: Conclusion, tools: Tools): void {
    if (this.#enforced === undefined) return;
    const dataplane = openDataplane(this.#world, tools, this.#family);
    this.#enforced = { dataplane, ruleset: this.#want(conclusion, dataplane) };
  }

  /** Enforces, and gives up when the patience ends: what still runs then goes on, and its result is dropped. */
  async enforce(options: EnforceFamilyOptions): Promise<FamilyOutcome> {
    // While the other family works, each new ban makes a quick pass: full passes alone try again one that failed.
    const isLeftAlone = this.#isHanging || options.kind === 'quick';
    if (this.#failing !== undefined && isLeftAlone) return { ...NOTHING_DONE, problems: [this.#failing] };

    const { took } = options;
    const startedAt = performance.now();
    const longest = took.get(this.#family);
    const before = this.#enforced?.ruleset.desired;
    const more = patienceForNets(newNets(options.conclusion, this.#family, before));
    const patience = more + (longest === undefined ? FIRST_PATIENCE_MS : patienceAfter(longest));
    try {
      const record = await withPatience(this.#start(options), patience);
      if (record === LATE) {
        const seconds = Math.round(patience / 1000);
        throw new Error(`iptables did not finish within ${seconds} s; the pass continues without it`);
      }
      if (more === 0) took.set(this.#family, Math.max(longest ?? 0, performance.now() - startedAt));
      const outcome = record();
      this.#failing = outcome.problems.find(({ condition }) => preventsConvergence(condition));
      return outcome;
    } catch (error) {
      const message = `${this.#family}: ${messageWithMend(error)}`;
      this.#failing = { condition: 'Converged', reason: 'ApplyFailed', message };
      return { ...NOTHING_DONE, problems: [this.#failing] };
    }
  }

  #start(options: EnforceFamilyOptions): Promise<() => FamilyOutcome> {
    this.#isHanging = true;
    const converging = this.#converge(options).finally(() => {
      this.#isHanging = false;
    });
    // A caller that lost patience does not hear of a failure, which would else be an unhandled rejection.
    converging.catch(() => undefined);
    return converging;
  }

  /**
   * Makes the table what it should be, and returns a function that remembers the result and tells it. A caller that
   * lost patience does not call that function: what ends too late is remembered by nobody.
   */
  async #converge(options: EnforceFamilyOptions): Promise<() => FamilyOutcome> {
    const { conclusion, tools, kind, isSuspect, pending, cut } = options;
    const family = this.#family;
    const before = this.#enforced?.ruleset;
    const known = this.#observed;
    const trusted = kind === 'full' ? undefined : known;
    // Set again at the end: after an error the next pass trusts nothing that was seen.
    this.#observed = undefined;
    if (pending !== undefined) throw pending as Error;
    const dataplane = openDataplane(this.#world, tools, family);
    const wanted = this.#want(conclusion, dataplane);
    const enforced = await converge(wanted, { dataplane, trusted, known, isSuspect, before, cut });
    return () => {
      this.#observed = enforced.observed;
      this.#enforced = { dataplane, ruleset: wanted };
      this.drops.note({ dataplane, ruleset: wanted, observed: enforced.observed });
      return {
        changes: [{ family, changes: enforced.changes }],
        drift: [{ family, changes: enforced.drift, emptied: enforced.emptied }],
        sets: dataplane.sizesOf(enforced.ruleset, enforced.observed),
        problems: [
          ...familyProblems(family, enforced),
          ...dataplane.problemsOf(enforced.ruleset, enforced.observed),
        ],
      };
    };
  }

  #want(conclusion: Conclusion, dataplane: Dataplane): Ruleset {
    const before = this.#enforced?.ruleset;
    return dataplane.rulesetOf(desireFamily(conclusion, this.#family, before?.desired), before);
  }
}

const NOTHING_DONE: FamilyOutcome = { changes: [], drift: [], sets: [], problems: [] };
