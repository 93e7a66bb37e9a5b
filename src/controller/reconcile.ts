/**
 * One pass: reads what is wanted, reads what is there, and makes the two equal. It never acts on an event, so it
 * may run at any time, and after a crash at any point the next one ends where this one would have.
 */
import { diffStates } from '../state/diff.ts';
import { momentOf } from '../ledger/early-bans.ts';
import { conclude } from '../pass/conclude.ts';
import { gatherClaims } from './gather-claims.ts';
import { keep } from './keep.ts';
import { lockoutProblems } from './find-lockouts.ts';
import { savedRulesProblems } from './find-saved.ts';
import { findLeftovers } from './leftovers.ts';
import { loadInputs } from './load-inputs.ts';
import { forgetIfTold, type Memory } from './memory.ts';
import type { Pass, PassKind } from './pass.ts';
import { findPolicyChanges } from './policy-changes.ts';
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
export async function reconcile(
  world: World,
  memory: Memory,
  { kind, lockWait, readBudget, commitAll }: ReconcileOptions,
): Promise<Pass> {
  const startedAt = world.now();
  await forgetIfTold(world, memory);
  const { ledger, spool, firewall, beginning } = memory;
  return ledger.whileHeld(lockWait, async ({ isShared }) => {
    const tools = await firewall.open(kind);
    await ledger.open();

    const inputs = await loadInputs(world, memory, { kind });
    const moment = momentOf(world);
    const { now } = moment;
    const begun = await beginning.begin({ state: inputs.state, tools, now, kind });
    if (isShared && inputs.changedByOthers) {
      memory.conclusion = conclude(inputs.state, { ...inputs, now }, { before: memory.conclusion });
      firewall.supposeEnforced(memory.conclusion, tools);
    }
    const gathering = { inputs, begun, tools, moment, budget: readBudget };
    const { intake, said, state } = await gatherClaims(world, memory, gathering);
    const conclusion = conclude(state, { ...inputs, now }, { before: memory.conclusion });
    memory.conclusion = conclusion;

    const enforced = await firewall.enforce({ conclusion, tools, kind, pending: begun.pending });
    const leftovers =
      kind === 'full' ? [...(await findLeftovers(world, tools)), ...(await savedRulesProblems(world))] : [];
    const lockouts = await lockoutProblems(world, memory, { ...inputs, kind, conclusion });
    const flows = await firewall.endFlows(kind, enforced.changes);

    // Until here nothing is lost by stopping: the spool still holds every intent. From here on the state does.
    const enforcedAt = world.now();
    const rejection = spool.reject(intake.refused);
    const repairs = firewall.repairsOf(enforced);
    const policyLines = await findPolicyChanges(ledger.policy, { ...inputs, state, now });
    ledger.notes.add({ repairs, policyLines });
    await ledger.early.note(said, moment);
    const kept = await keep(memory, { state, intake, inputs, commitAll, isFull: kind === 'full' });
    const ended = spool.end({ kind, intake, rejection, removed: kept.removed, isLast: commitAll });
    return {
      kind,
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
