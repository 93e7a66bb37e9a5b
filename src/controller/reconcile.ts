/**
 * One pass: reads what is wanted, reads what is there, and makes the two equal. It never acts on an event, so it
 * may run at any time, and after a crash at any point the next one ends where this one would have.
 */
import { desire, type DesireOptions } from '../desired/desire.ts';
import type { Family } from '../net/net.ts';
import { judge, type Judgement } from '../policy/judge.ts';
import { diffStates } from '../state/diff.ts';
import { fold } from '../state/fold.ts';
import { liveClaims } from '../state/live.ts';
import { nextEnd } from '../state/settle.ts';
import { messageOf } from '../system/error.ts';
import { adoptRules } from './adopt-rules.ts';
import { enforce, type Enforced } from './enforce.ts';
import { findLeftovers } from './leftovers.ts';
import { keep } from './keep.ts';
import { loadInputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Pass, PassKind, Problem } from './pass.ts';
import { familyProblems, spoolProblems } from './problems.ts';
import { rejectAll } from './reject-all.ts';
import { takeIn } from './take-in.ts';
import type { World } from './world.ts';

export interface ReconcileOptions {
  readonly kind: PassKind;
  /** How long to wait for another holder of the state, in milliseconds. */
  readonly lockWait: number;
  /** Commit all that is saved, also what alone would wait for company. */
  readonly commitAll: boolean;
}

/** Makes one pass. Throws only for what stops it before the firewall: a lock, a damaged state. */
export async function reconcile(world: World, memory: Memory, options: ReconcileOptions): Promise<Pass> {
  const startedAt = world.now();
  await world.files.makeFolder(world.config.state);
  const lock = await world.takeLock(world.config.state, options.lockWait);
  try {
    memory.firewall ??= await world.openFirewall();
    const isNew = !memory.repository.exists();
    if (isNew) await memory.repository.prepare(world.template);
    const inputs = await loadInputs(world, memory, options.kind);
    const problems: Problem[] = [...inputs.problems];

    const now = world.now();
    const intake = takeIn(world, { ...inputs, now, budget: memory.readBudget });
    const adopted = isNew ? await adoptRules(world, memory.firewall, now) : [];
    const state = fold(inputs.state, [...adopted, ...intake.said], now);
    const judgement = judge(liveClaims(state, now), { ...inputs, now });

    const families: { family: Family; enforced: Enforced }[] = [];
    for (const family of world.config.families) {
      const desired = desire(judgement.enforced, desiredOptions(judgement, world, family));
      try {
        const trusted = options.kind === 'full' ? undefined : memory.observed.get(family);
        const before = memory.enforced.get(family);
        const { hooks, chainPrefix: prefix } = world.config;
        const enforced = await enforce(desired, {
          firewall: memory.firewall,
          hooks,
          prefix,
          trusted,
          before,
        });
        memory.observed.set(family, enforced.observed);
        memory.enforced.set(family, desired);
        families.push({ family, enforced });
        problems.push(...familyProblems(family, enforced));
      } catch (error) {
        memory.observed.delete(family);
        problems.push({
          condition: 'Converged',
          reason: 'ApplyFailed',
          message: `${family}: ${messageOf(error)}`,
        });
      }
    }
    if (options.kind === 'full') problems.push(...(await findLeftovers(world, memory.firewall)));

    // Until here nothing is lost by stopping: the spool still holds every intent. From here on the state does.
    problems.push(...rejectAll(world, memory, intake.refused), ...spoolProblems(intake));
    problems.push(
      ...(await keep(world, memory, { state, intake, inputs, lock, commitAll: options.commitAll })),
    );

    return {
      kind: options.kind,
      startedAt,
      finishedAt: world.now(),
      intents: intake.said.length,
      refused: intake.refused.map(({ server, entry, reason }) => ({ server, name: entry.name, reason })),
      warnings: intake.warnings,
      claimChanges: diffStates(inputs.state, state, now),
      changes: families.map(({ family, enforced }) => ({ family, changes: enforced.changes })),
      drift: families.map(({ family, enforced }) => ({ family, changes: enforced.drift })),
      problems,
      bans: countBans(judgement),
      claims: judgement.enforced.length + judgement.ignored.length,
      ignored: judgement.ignored,
      servers: intake.servers,
      more: intake.more,
      nextDue: Math.min(nextEnd(state, now), judgement.nextChange, intake.nextGiveUp),
    };
  } finally {
    await lock.release();
  }
}

/** How claims become rules in one family's table. */
export function desiredOptions(judgement: Judgement, { config }: World, family: Family): DesireOptions {
  return {
    family,
    prefix: config.chainPrefix,
    verdict: config.verdict,
    deny: judgement.deny.map(({ net }) => net),
    allowed: judgement.allowed.map(({ net }) => net).filter((net) => net.family === family),
  };
}

/** Different addresses in different jails, and denied nets. */
export function countBans(judgement: Judgement): number {
  return new Set(judgement.enforced.map(({ jail, ip }) => `${jail} ${ip.text}`)).size + judgement.deny.length;
}
