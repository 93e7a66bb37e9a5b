/**
 * One pass: reads what is wanted, reads what is there, and makes the two equal. It never acts on an event, so it
 * may run at any time, and after a crash at any point the next one ends where this one would have.
 */
import { momentOf } from '../ledger/early-bans.ts';
import type { Problem } from '../domain/conditions.ts';
import { gatherClaims } from './gather-claims.ts';
import { keepGiven } from './keep-given.ts';
import { save } from './save.ts';
import { loadInputs } from './load-inputs.ts';
import { enforceAndLook } from './enforce-and-look.ts';
import { forgetIfTold, type Memory } from './memory.ts';
import { passRecord } from './pass-record.ts';
import type { PassKind } from '../domain/pass-kind.ts';
import type { Pass } from './pass.ts';
import { findPolicyChanges } from './policy-changes.ts';
import type { ReadBudget } from '../spool/take-in.ts';
import type { World } from '../world/world.ts';

interface ReconcileOptions {
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
  const { ledger, spool, firewall, beginning, concluder, fleet, fastPath } = memory;
  return ledger.whileHeld(lockWait, async ({ isShared }) => {
    const tools = await firewall.open(kind);
    await fastPath.enforce(isShared);
    await ledger.open();
    const inputs = await loadInputs(memory, { kind });
    const moment = momentOf(world);
    const circumstances = { ...inputs, now: moment.now };
    const begun = await beginning.begin({ ...circumstances, tools, kind });
    if (isShared && inputs.changedByOthers)
      firewall.supposeEnforced(concluder.conclude(inputs.state, circumstances), tools);
    const gathered = await gatherClaims(memory, { inputs, begun, tools, moment, budget: readBudget, kind });
    const { intake, state } = gathered;
    const conclusion = concluder.conclude(state, circumstances);
    const seen = { begun, inputs, conclusion, tools, kind };
    const [enforced, others] = await enforceAndLook(world, memory, seen);
    const flows = await firewall.endFlows(kind, enforced.changes);

    // Until here nothing is lost by stopping: the spool still holds every intent. From here on the state does.
    const enforcedAt = world.now();
    const listLines = await keepGiven(memory);
    const rejection = spool.reject(intake.refused);
    const done = fastPath.passed({ inputs, state, tools }, { begun, enforced });
    const policyLines = await findPolicyChanges(ledger.policy, { ...circumstances, state });
    ledger.notes.add({ repairs: done.repairs.map(({ line }) => line), policyLines, listLines });
    const saving = { ...circumstances, ...gathered, moment, inputs, kind, commitAll };
    const saved = await fastPath.beside(() => save(memory, saving));
    const ended = spool.end({ kind, intake, rejection, removed: saved.removed, isLast: commitAll });

    const found = [inputs.problems, enforced.problems, others, flows, ended.problems, saved.problems];
    const pass = passRecord({
      ...{ kind, inputs, now: moment.now, startedAt, enforcedAt, finishedAt: world.now() },
      ...{ gathered, conclusion, enforced, done, rejection, saved, ended, policyLines, ledger, fleet },
      problems: withoutDoubles(found.flat()),
    });
    return fastPath.rest(pass);
  });
}

/** What keeps one step from its work often keeps others too, which say the same of it. */
function withoutDoubles(problems: readonly Problem[]): readonly Problem[] {
  const keyOf = ({ condition, message }: Problem): string => `${condition} ${message}`;
  return [...new Map(problems.map((problem) => [keyOf(problem), problem])).values()];
}
