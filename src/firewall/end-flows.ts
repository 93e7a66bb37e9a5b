/**
 * Ends what goes on in spite of a ban: a flow that a flowtable took over meets no rule any more until conntrack
 * forgets it. Where there is no flowtable the jumps above all rules do, and nothing is done here.
 */
import type { Family } from '../domain/net.ts';
import { allDropped } from './all-dropped.ts';
import { droppedEnds, type Judging } from './flow.ts';
import { endFlowsOf, hasFlowtable, listOffloaded } from '../system/firewall/conntrack.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Problem } from '../domain/conditions.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { EnforcedRuleset, FamilyChanges } from './family-firewall.ts';
import type { World } from '../world/world.ts';

interface EndFlowsOptions {
  readonly kind: PassKind;
  readonly changes: readonly FamilyChanges[];
  /** What was last enforced. */
  readonly enforced: ReadonlyMap<Family, EnforcedRuleset>;
}

interface Known {
  /** As the last full pass found it. */
  readonly hasTable: boolean;
  /** What the last try came to; with a problem all is gone through again by the next full pass. */
  readonly problem: Problem | undefined;
}

/** A try that takes longer fails, and the next full pass makes another: new bans must not wait for it. */
const LIMIT_MS = 2_000;

export class Flows {
  /** What is known of flowtables; undefined before the first look. */
  #known: Known | undefined;
  /** Whether there is one, where that was looked up ahead. */
  #ahead: boolean | undefined;

  /** Looks whether there is a flowtable, for a full pass that is to end flows. */
  async look({ run }: Pick<World, 'run'>): Promise<void> {
    this.#ahead = await hasFlowtable(run);
  }

  /** Ends them; a failure is a problem. To be called once the rules stand, which keep them from beginning again. */
  async end(
    { run }: Pick<World, 'run'>,
    { kind, changes, enforced }: EndFlowsOptions,
  ): Promise<readonly Problem[]> {
    const before = this.#known;
    const isAsked = kind === 'full' || before === undefined;
    const hasTable = isAsked ? (this.#ahead ?? (await hasFlowtable(run))) : before.hasTable;
    this.#ahead = undefined;
    this.#known = { hasTable, problem: hasTable ? before?.problem : undefined };
    if (!hasTable) return [];
    // Flows of all bans, not of new ones alone, when a flowtable appeared, or when the last try failed.
    const isAll = before?.hasTable !== true || (before.problem !== undefined && kind === 'full');
    try {
      const deadline = performance.now() + LIMIT_MS;
      for (const [family, { ruleset, dataplane }] of enforced) {
        const own = changes.find((each) => each.family === family)?.changes ?? [];
        const dropped = isAll ? allDropped(ruleset.desired) : dataplane.newlyDropped(own, ruleset);
        if (dropped.size === 0) continue;
        const { allowed } = ruleset.desired.options;
        await endDropped(run, { family, dropped, allowed, deadline });
      }
      if (isAll) this.#known = { hasTable, problem: undefined };
    } catch (error) {
      this.#known = { hasTable, problem: problemOf(error) };
    }
    return this.#known.problem === undefined ? [] : [this.#known.problem];
  }
}

interface Ending extends Judging {
  readonly family: Family;
  readonly deadline: number;
}

async function endDropped(run: World['run'], { family, deadline, ...judging }: Ending): Promise<void> {
  for (const end of droppedEnds(await listOffloaded(run, family), judging)) {
    if (performance.now() > deadline) throw new Error(`ending them takes more than ${LIMIT_MS / 1000} s`);
    await endFlowsOf(run, { family, ...end });
  }
}

function problemOf(error: unknown): Problem {
  const isMissing = error instanceof BanspoolError && error.code === 'command-missing';
  const mend = isMissing ? '; fix: apt install conntrack' : '';
  const message = `connections of banned addresses in a flowtable may continue: ${messageOf(error)}${mend}`;
  return { condition: 'FlowsEnded', reason: 'ConntrackFailed', message };
}
