/**
 * One pass: reads what is wanted, reads what is there, and makes the two equal. It never acts on an event, so it
 * may run at any time, and after a crash at any point the next one ends where this one would have.
 */
import { diffStates } from '../state/diff.ts';
import { fold } from '../state/fold.ts';
import { STATE_MODE } from '../state/git.ts';
import { nextEnd } from '../state/settle.ts';
import { adoptUnfiled } from './adopt-rules.ts';
import { beginState, forgetIfTold, hasHistory, lostHistory, requireState } from './begun.ts';
import { keepLengths, momentOf, noteEarly } from './early-bans.ts';
import { endFlows } from './end-flows.ts';
import { enforceAll, supposeEnforced } from './enforce-all.ts';
import { keep, NOTHING_KEPT } from './keep.ts';
import { lockoutProblems } from './find-lockouts.ts';
import { savedRulesProblems } from './find-saved.ts';
import { findLeftovers } from './leftovers.ts';
import { loadInputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Pass, PassKind } from './pass.ts';
import { findPolicyChanges } from './policy-changes.ts';
import { policyDue } from './policy-in-force.ts';
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

/** Lines that wait for git, when it fails. */
const MAX_REPAIRS = 100;

/** Makes one pass. Throws only for what stops it before the firewall: a lock, a damaged state. */
export async function reconcile(world: World, memory: Memory, options: ReconcileOptions): Promise<Pass> {
  const startedAt = world.now();
  await forgetIfTold(world, memory);
  await requireState(world, memory);
  if (world.files.modified(world.config.state) === undefined)
    await world.files.makeFolder(world.config.state, STATE_MODE);
  const lock = await world.takeLock(world.config.state, options.lockWait);
  try {
    // Another process held it since, such as the timer's, and its pass may have changed the state and the firewall.
    const isShared = lock.before === undefined || lock.before !== memory.holding;
    memory.holding = lock.holding;
    memory.isStateSuspect ||= isShared;
    // ipset may have been installed since; another process's pass uses it then, and this one would take its sets away.
    if (options.kind === 'full' && memory.firewall?.sets.kind === 'unusable')
      memory.firewall = { ...memory.firewall, sets: (await world.openFirewall()).sets };
    const firewall = (memory.firewall ??= await world.openFirewall());
    if (!memory.settledIn) await memory.repository.clearCutInit();
    if (!(await hasHistory(memory)) && (await lostHistory(world, memory)) === undefined)
      await memory.repository.prepare(world.template);

    const inputs = await loadInputs(world, memory, { kind: options.kind });
    const moment = momentOf(world);
    const { now } = moment;
    const { kind } = options;
    const begun = await beginState(world, memory, { state: inputs.state, firewall, lock, now, kind });
    if (isShared && inputs.changedByOthers) {
      memory.observed.clear();
      const theirs = memory.judge.judge(inputs.state, { ...inputs, now });
      supposeEnforced(world, memory, { judged: theirs, firewall });
    }
    const { census, spool } = memory;
    const intake = spool.read({ ...inputs, state: begun.state, now, budget: options.readBudget, census });
    const adopted = [...begun.said, ...(await adoptUnfiled(world, memory, { inputs, firewall, now }))];
    const lasting = await keepLengths(world, memory, { state: begun.state, moment });
    const said = [...adopted, ...intake.said];
    const state = fold(lasting, said, now);
    const judged = memory.judge.judge(state, { ...inputs, now });

    const suspects = memory.drift.beginLook();
    const { pending } = begun;
    const enforcing = { judged, firewall, kind: options.kind, suspects, pending };
    const enforced = await enforceAll(world, memory, enforcing);
    const isHealed = enforced.drift.some(({ changes }) => changes.length > 0);
    const culprits = isHealed ? memory.drift.culprits : [];
    const repairedAt = performance.now();
    if (isHealed) memory.drift.healed(repairedAt, culprits);
    const leftovers =
      options.kind === 'full'
        ? [...(await findLeftovers(world, firewall)), ...(await savedRulesProblems(world))]
        : [];

    const lockouts = await lockoutProblems(world, memory, { ...inputs, kind: options.kind });
    const flows = await endFlows(world, memory, { kind: options.kind, changes: enforced.changes });

    // Until here nothing is lost by stopping: the spool still holds every intent. From here on the state does.
    const enforcedAt = world.now();
    const rejection = spool.reject(intake.refused);
    const repairs = repairLines(enforced.drift, memory.drift, repairedAt);
    memory.repairs = [...memory.repairs, ...repairs].slice(-MAX_REPAIRS);
    const policyLines = await findPolicyChanges(world, memory, { ...inputs, state, now });
    memory.policyLines = [...memory.policyLines, ...policyLines].slice(-MAX_REPAIRS);
    // What somebody edited since it was read must not be written over, nor committed as ours: that is read first.
    memory.isStateSuspect = await memory.store.isStale();
    const { commitAll } = options;
    await noteEarly(world, memory, { said, moment });
    const kept = memory.isStateSuspect
      ? NOTHING_KEPT
      : await keep(world, memory, {
          state,
          intake,
          inputs,
          lock,
          commitAll,
          isFull: options.kind === 'full',
        });

    const removed = memory.isStateSuspect ? 'not yet' : kept.removed;
    const ended = spool.end({ kind, intake, rejection, removed, isLast: commitAll });
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
      bans: judged.bans,
      claims: judged.claims,
      ignored: judged.ignored,
      sets: enforced.sets,
      servers: intake.servers,
      unconfirmed: findUnconfirmed(memory, state, now),
      left: ended.left,
      more: memory.isStateSuspect || ended.more,
      nextDue: Math.min(nextEnd(state, now), judged.nextChange, intake.nextGiveUp, policyDue(memory)),
    };
  } finally {
    await lock.release();
  }
}
