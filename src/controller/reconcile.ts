/**
 * One pass: reads what is wanted, reads what is there, and makes the two equal. It never acts on an event, so it
 * may run at any time, and after a crash at any point the next one ends where this one would have.
 */
import { diffStates } from '../state/diff.ts';
import { momentOf } from '../ledger/early-bans.ts';
import { conclude } from '../pass/conclude.ts';
import { beginState, forgetIfTold } from './begun.ts';
import { endFlows } from './end-flows.ts';
import { enforceAll, supposeEnforced } from './enforce-all.ts';
import { gatherClaims } from './gather-claims.ts';
import { keep } from './keep.ts';
import { lockoutProblems } from './find-lockouts.ts';
import { savedRulesProblems } from './find-saved.ts';
import { findLeftovers } from './leftovers.ts';
import { loadInputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Pass, PassKind } from './pass.ts';
import { findPolicyChanges } from './policy-changes.ts';
import { repairLines } from './repairs.ts';
import type { ReadBudget } from './take-in.ts';
import { findUnconfirmed } from './find-unconfirmed.ts';
import type { World } from './world.ts';

export interface ReconcileOptions {
  readonly kind: PassKind;
  /** How long to wait for another holder of the state, in milliseconds. */
  readonly lockWait: number;
  /** How much of the spool to read. */
  readonly readBudget: ReadBudget;
  /** Commit all that is saved, also what alone would wait for company. */
  readonly commitAll: boolean;
}

/** Makes one pass. Throws only for what stops it before the firewall: a lock, a damaged state. */
export async function reconcile(world: World, memory: Memory, options: ReconcileOptions): Promise<Pass> {
  const startedAt = world.now();
  await forgetIfTold(world, memory);
  const { ledger, spool } = memory;
  return ledger.whileHeld(options.lockWait, async ({ isShared }) => {
    // ipset may have been installed since; another process's pass uses it then, and this one would take its sets away.
    if (options.kind === 'full' && memory.firewall?.sets.kind === 'unusable')
      memory.firewall = { ...memory.firewall, sets: (await world.openFirewall()).sets };
    const firewall = (memory.firewall ??= await world.openFirewall());
    await ledger.open();

    const inputs = await loadInputs(world, memory, { kind: options.kind });
    const moment = momentOf(world);
    const { now } = moment;
    const { kind } = options;
    const begun = await beginState(world, memory, { state: inputs.state, firewall, now, kind });
    if (isShared && inputs.changedByOthers) {
      memory.observed.clear();
      const theirs = conclude(inputs.state, { ...inputs, now }, { before: memory.conclusion });
      supposeEnforced(world, memory, { conclusion: theirs, firewall });
      memory.conclusion = theirs;
    }
    const gathering = { inputs, begun, firewall, moment, budget: options.readBudget };
    const { intake, said, state } = await gatherClaims(world, memory, gathering);
    const conclusion = conclude(state, { ...inputs, now }, { before: memory.conclusion });
    memory.conclusion = conclusion;

    const suspects = memory.drift.beginLook();
    const { pending } = begun;
    const enforcing = { conclusion, firewall, kind: options.kind, suspects, pending };
    const enforced = await enforceAll(world, memory, enforcing);
    const isHealed = enforced.drift.some(({ changes }) => changes.length > 0);
    const culprits = isHealed ? memory.drift.culprits : [];
    const repairedAt = performance.now();
    if (isHealed) memory.drift.healed(repairedAt, culprits);
    const leftovers =
      options.kind === 'full'
        ? [...(await findLeftovers(world, firewall)), ...(await savedRulesProblems(world))]
        : [];

    const lockouts = await lockoutProblems(world, memory, { ...inputs, kind, conclusion });
    const flows = await endFlows(world, memory, { kind: options.kind, changes: enforced.changes });

    // Until here nothing is lost by stopping: the spool still holds every intent. From here on the state does.
    const enforcedAt = world.now();
    const rejection = spool.reject(intake.refused);
    const repairs = repairLines(enforced.drift, memory.drift, repairedAt);
    const policyLines = await findPolicyChanges(ledger.policy, { ...inputs, state, now });
    ledger.notes.add({ repairs, policyLines });
    await ledger.early.note(said, moment);
    const { commitAll } = options;
    const kept = await keep(memory, { state, intake, inputs, commitAll, isFull: kind === 'full' });
    const ended = spool.end({ kind, intake, rejection, removed: kept.removed, isLast: commitAll });
    return {
      kind: options.kind,
      startedAt,
      finishedAt: world.now(),
      enforcedAt,
      banArrivals: intake.banArrivals,
      intents: intake.said.length,
      refused: rejection.moved,
      warnings: [...(kept.saved ? intake.warnings : []), ...ended.warnings],
      claimChanges: kept.saved ? diffStates(inputs.state, state, now) : [],
      changes: enforced.changes,
      drift: enforced.drift,
      repairs,
      policyLines,
      isBlocked: enforced.isBlocked,
      problems: [
        ...inputs.problems,
        ...lockouts,
        ...enforced.problems,
        ...leftovers,
        ...flows,
        ...ended.problems,
        ...kept.problems,
      ],
      bans: conclusion.bans,
      claims: conclusion.claims,
      ignored: conclusion.ignored,
      sets: enforced.sets,
      servers: intake.servers,
      unconfirmed: findUnconfirmed(ledger.policy.due, state, now),
      left: ended.left,
      more: ledger.isSuspect || ended.more,
      nextDue: Math.min(conclusion.nextChange, intake.nextGiveUp, ledger.policy.due),
    };
  });
}
