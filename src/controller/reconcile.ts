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
import { clearStrays } from './clear-strays.ts';
import { keepLengths, momentOf, noteEarly } from './early-bans.ts';
import { endFlows } from './end-flows.ts';
import { enforceAll, supposeEnforced } from './enforce-all.ts';
import { keep, NOTHING_KEPT } from './keep.ts';
import { savedRulesProblems } from './find-saved.ts';
import { findLeftovers } from './leftovers.ts';
import { loadInputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Pass, PassKind } from './pass.ts';
import { findPolicyChanges } from './policy-changes.ts';
import { policyDue } from './policy-in-force.ts';
import { spoolProblems } from './problems.ts';
import { repairLines } from './repairs.ts';
import { rejectAll } from './reject-all.ts';
import { rejectedProblems } from './rejected-problems.ts';
import { STUCK_BUDGET, takeIn, type ReadBudget } from './take-in.ts';
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
    const wasStuck = memory.isSpoolStuck;
    const { census, inbox } = memory;
    const budget = wasStuck ? STUCK_BUDGET : options.readBudget;
    const intake = takeIn(world, { ...inputs, state: begun.state, now, budget, census, inbox });
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

    const flows = await endFlows(world, memory, { kind: options.kind, changes: enforced.changes });

    // Until here nothing is lost by stopping: the spool still holds every intent. From here on the state does.
    const enforcedAt = world.now();
    const rejection = rejectAll(world, memory, intake.refused);
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

    inbox.forget(rejection.moved);
    if (kept.removed) inbox.forget(intake.files.map(({ server, entry: { name } }) => ({ server, name })));
    // Where all was taken in and nobody's transfer is under way, nothing is left to be too much.
    const isLeft = intake.more || intake.nextGiveUp !== Infinity || intake.strays.size > 0;
    memory.bounds.keep({ kind: options.kind, isLeft, toTheEnd: commitAll });
    const clearance = clearStrays(world, options.kind === 'full' ? intake.strays : new Map());

    memory.isSpoolStuck = intake.files.length > 0 && !kept.removed && !memory.isStateSuspect;
    const unremoved =
      kept.removed || memory.isStateSuspect
        ? []
        : intake.files.map(({ server, entry }) => ({ server, name: entry.name }));
    return {
      kind: options.kind,
      startedAt,
      finishedAt: world.now(),
      enforcedAt,
      banArrivals: intake.banArrivals,
      intents: intake.said.length,
      refused: rejection.moved,
      warnings: [...inputs.warnings, ...(kept.saved ? intake.warnings : []), ...clearance.warnings],
      claimChanges: kept.saved ? diffStates(inputs.state, state, now) : [],
      changes: enforced.changes,
      drift: enforced.drift,
      repairs,
      policyLines,
      isBlocked: enforced.isBlocked,
      problems: [
        ...inputs.problems,
        ...enforced.problems,
        ...leftovers,
        ...flows,
        ...rejection.problems,
        ...rejectedProblems(world, memory, intake.servers),
        ...clearance.problems,
        ...memory.bounds.problems,
        ...spoolProblems(intake, world.config),
        ...kept.problems,
      ],
      bans: judged.bans,
      claims: judged.claims,
      ignored: judged.ignored,
      sets: enforced.sets,
      servers: intake.servers,
      unconfirmed: findUnconfirmed(memory, state, now),
      left: new Set([...unremoved, ...rejection.stuck].map(({ server, name }) => `${server}/${name}`)),
      more: memory.isStateSuspect || (intake.more && !(wasStuck && memory.isSpoolStuck)),
      nextDue: Math.min(nextEnd(state, now), judged.nextChange, intake.nextGiveUp, policyDue(memory)),
    };
  } finally {
    await lock.release();
  }
}
