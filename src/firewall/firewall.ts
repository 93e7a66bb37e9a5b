/**
 * The keeper of the firewall: enforces each family on its own, so that one that fails or hangs does not stop the other,
 * and remembers what was seen and what was wanted. All of it can be found again.
 */
import { preventsConvergence, type Problem } from '../domain/conditions.ts';
import type { Family } from '../domain/net.ts';
import type { Conclusion } from '../desired/conclude.ts';
import { enforceNothing } from '../desired/enforce-nothing.ts';
import type { Tools } from '../system/firewall/iptables.ts';
import { HEAD_START_MS, withPatience } from '../system/patience.ts';
import { DriftWatch } from './drift-watch.ts';
import { eachDrops, uncountedChains, type JailDrops, type Looked, type NetDrops } from './drops.ts';
import { Flows } from './end-flows.ts';
import {
  FamilyFirewall,
  type EnforcedRuleset,
  type FamilyChanges,
  type FamilyOutcome,
} from './family-firewall.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import { findRepairs, type Repair } from './repairs.ts';
import type { World } from '../world/world.ts';

export interface EnforcedAll extends FamilyOutcome {
  /** True when no family came to what it should hold: another try is not to be made for each new file. */
  readonly isBlocked: boolean;
}

interface EnforceOptions {
  readonly conclusion: Conclusion;
  readonly tools: Tools;
  readonly kind: PassKind;
  /** Families whose bans are still to be adopted, with what keeps them from it: nothing is changed in these. */
  readonly pending: ReadonlyMap<Family, unknown>;
  /** Families that are left alone, and about which nothing is to be said. */
  readonly untouched: ReadonlySet<Family>;
}

type FirewallWorld = Pick<World, 'config' | 'now' | 'run' | 'openFirewall'>;

/** A full pass lists long sets, which no helper is needed for: the other family has it meanwhile. */
const FULL_HEAD_START_MS = 20;

export class Firewall {
  readonly #world: FirewallWorld;
  #tools: Tools | undefined;
  #families: ReadonlyMap<Family, FamilyFirewall>;
  #flows = new Flows();
  #healedAt = -Infinity;
  /** Who changed the firewall meanwhile. */
  readonly drift = new DriftWatch((pid) => this.#tools?.isOwn(pid) === true);
  /** The longest that enforcing each family, or reading it at first, took so far, in milliseconds. */
  readonly took = new Map<Family, number>();

  constructor(world: FirewallWorld) {
    this.#world = world;
    this.#families = familiesOf(world);
  }

  /** Undefined before it was first opened. */
  get tools(): Tools | undefined {
    return this.#tools;
  }

  /** True once anything was enforced. */
  get hasEnforced(): boolean {
    return this.#enforced().size > 0;
  }

  /** True while a family hangs that a pass gave up waiting for. */
  get isHanging(): boolean {
    return Array.from(this.#families.values()).some(({ isHanging }) => isHanging);
  }

  /** Finds the programs; throws where there are none. */
  async open(kind: PassKind): Promise<Tools> {
    // ipset may have been installed since; another process's pass uses it then, and this one would take its sets away.
    if (kind === 'full' && this.#tools?.sets.kind === 'unusable')
      this.#tools = { ...this.#tools, sets: (await this.#world.openFirewall()).sets };
    return (this.#tools ??= await this.#world.openFirewall());
  }

  /** Forgets what was seen and wanted, but for the programs and who changed something. */
  forget(): void {
    this.#families = familiesOf(this.#world);
    this.#flows = new Flows();
    this.took.clear();
  }

  /**
   * Takes this conclusion for enforced, since another process made a pass that came to it: what was seen before is no
   * longer trusted, and what that process changed is no drift.
   */
  supposeEnforced(conclusion: Conclusion, tools: Tools): void {
    for (const family of this.#families.values()) {
      family.distrust();
      family.supposeEnforced(this.#asked(conclusion), tools);
    }
  }

  /** Enforces. A family that hangs delays neither the other family nor what follows in the pass. */
  async enforce({ conclusion, tools, kind, pending, untouched }: EnforceOptions): Promise<EnforcedAll> {
    const suspects = this.drift.beginLook();
    const running: Promise<FamilyOutcome>[] = [];
    for (const [family, keeper] of this.#families) {
      if (untouched.has(family)) continue;
      const outcome = keeper.enforce({
        ...{ conclusion: this.#asked(conclusion), tools, kind, took: this.took },
        isSuspect: suspects.has(family),
        pending: pending.get(family),
        cut: () => this.drift.cutIn(family),
      });
      running.push(outcome);
      await withPatience(outcome, kind === 'full' ? FULL_HEAD_START_MS : HEAD_START_MS);
    }
    const outcomes = await Promise.all(running);
    const drift = outcomes.flatMap((each) => each.drift);
    this.#healedAt = performance.now();
    if (drift.some(({ changes }) => changes.length > 0))
      this.drift.healed(this.#healedAt, this.drift.culprits);
    return {
      changes: outcomes.flatMap(({ changes }) => changes),
      drift,
      sets: outcomes.flatMap(({ sets }) => sets),
      problems: outcomes.flatMap(({ problems }) => problems),
      isBlocked:
        outcomes.length > 0 &&
        outcomes.every(({ problems }) => problems.some(({ condition }) => preventsConvergence(condition))),
    };
  }

  /** What the firewall is asked for: where banspool only observes, that nothing of ours stands. */
  #asked(conclusion: Conclusion): Conclusion {
    return this.#world.config.mode === 'observe' ? enforceNothing(conclusion) : conclusion;
  }

  /** Looks for what {@link endFlows} of a full pass goes by, beside other work. */
  async lookAhead(): Promise<void> {
    await this.#flows.look(this.#world);
  }

  /** Ends what goes on in spite of the bans that were enforced. */
  async endFlows(kind: PassKind, changes: readonly FamilyChanges[]): Promise<readonly Problem[]> {
    return this.#flows.end(this.#world, { kind, changes, enforced: this.#enforced() });
  }

  /** What each net dropped so far, as the last pass saw it; found anew with each call, and nothing is kept. */
  netDrops(): Iterable<NetDrops> {
    return eachDrops(this.#looked());
  }

  /** Chains of which that is not known. */
  uncountedChains(): readonly string[] {
    return uncountedChains(this.#looked());
  }

  #looked(): readonly Looked[] {
    return Array.from(this.#families.values()).flatMap(({ drops }) => drops.looked);
  }

  /** What each jail dropped since this process began to look: of no jail it ever goes down. */
  jailDrops(): readonly JailDrops[] {
    return Array.from(this.#families.values()).flatMap(({ drops }) => [...drops.totals]);
  }

  /** What the last pass put back, with who did it, as far as the kernel has told by now. */
  repairsOf({ drift }: Pick<EnforcedAll, 'drift'>): readonly Repair[] {
    return findRepairs(drift, this.drift, this.#healedAt);
  }

  #enforced(): ReadonlyMap<Family, EnforcedRuleset> {
    const enforced = new Map<Family, EnforcedRuleset>();
    for (const [family, keeper] of this.#families)
      if (keeper.enforced !== undefined) enforced.set(family, keeper.enforced);
    return enforced;
  }
}

function familiesOf(world: FirewallWorld): ReadonlyMap<Family, FamilyFirewall> {
  return new Map(world.config.families.map((family) => [family, new FamilyFirewall(world, family)]));
}
