/** Makes what was concluded last: on disk, then out of the spool, then in git. In this order a crash loses nothing. */
import { commitMessage } from '../report/commit-message.ts';
import { diffStates } from '../state/diff.ts';
import type { State } from '../state/state.ts';
import { messageOf } from '../system/error.ts';
import type { Lock } from '../system/lock.ts';
import { hasHistory, lostHistory, lostProblem, noteCommit } from './begun.ts';
import { gitOfOwner } from '../ledger/git-of-owner.ts';
import type { Inputs } from './load-inputs.ts';
import type { Memory } from './memory.ts';
import type { Problem } from '../names/conditions.ts';
import { policyStamp } from './policy-in-force.ts';
import { takeBackPolicy } from './take-back-policy.ts';
import type { Intake } from './take-in.ts';
import type { World } from './world.ts';

export interface Keep {
  readonly state: State;
  readonly intake: Intake;
  readonly inputs: Inputs;
  readonly lock: Lock;
  readonly commitAll: boolean;
  readonly isFull: boolean;
}

/**
 * What bans nobody and lifts no ban, such as the flush, stop and start of a fail2ban that restarts, is on disk at
 * once but waits this long for a commit to go along with.
 */
const COMMIT_ALONE_AFTER_MS = 60_000;

/** What a commit is called that only takes claims out of files whose names are not ours, or not any more. */
const MOVED = 'Move claims to the files that they belong in';

/** While a flood is worked off, what it leaves behind is committed this often, and not in each of its many short passes. */
const COMMIT_IN_FLOOD_MS = 2_000;
const MAX_COMMIT_IN_FLOOD_MS = 10_000;

export interface Kept {
  /** False: what was said is not on disk, and the spool still holds it. */
  readonly saved: boolean;
  /** False: the spool still holds what was said, on disk or not. */
  readonly removed: boolean;
  readonly problems: readonly Problem[];
}

export const NOTHING_KEPT: Kept = { saved: false, removed: false, problems: [] };

/** Keeps; a failure is a problem of its own, and the next pass tries again. */
export async function keep(world: World, memory: Memory, options: Keep): Promise<Kept> {
  const { state, intake, inputs, commitAll, isFull } = options;
  const problems: Problem[] = [...(await takeBackPolicy(world, memory))];
  const lost = await lostHistory(world, memory);
  if (lost === undefined && (inputs.changedByOthers || !memory.settledIn))
    problems.push(...(await takeOver(world, memory, options)));
  if (isFull && lost === undefined) problems.push(...(await revealHidden(world, memory)));
  try {
    const written = await memory.store.save(state, options.lock.check);
    if (written.length > 0) memory.uncommittedSince ??= world.now();
  } catch (error) {
    const message = `${world.config.state}: ${messageOf(error)}; intents stay in the spool until it can be written`;
    return {
      saved: false,
      removed: false,
      problems: [...problems, { condition: 'StateSaved', reason: 'WriteFailed', message }],
    };
  }

  const stuck = memory.spool.remove(intake.files);
  problems.push(...stuck);
  if (lost !== undefined) {
    // Said already where files may be missing too.
    if (!inputs.mayLack) problems.push(lostProblem(lost));
    return { saved: true, removed: stuck.length === 0, problems };
  }

  const changes = diffStates(memory.committed, state, world.now());
  const waited = world.now() - (memory.uncommittedSince ?? Infinity);
  const isDue = memory.uncommittedSince !== undefined && (commitAll || waited >= COMMIT_ALONE_AFTER_MS);
  const isNew = !(await hasHistory(memory));
  // Where others speak, it is done after a pass for these, which is short itself.
  const isShort = intake.hasYielded || !memory.spool.inbox.isContended;
  const patience = isShort ? COMMIT_IN_FLOOD_MS : MAX_COMMIT_IN_FLOOD_MS;
  const isSoon = intake.more && !commitAll && waited < patience;
  if ((changes.length > 0 && !isSoon) || isDue || isNew) {
    const isMoveAlone = changes.length === 0 && memory.store.hasMoved;
    const message = commitMessage(changes, isNew ? 'Begin' : isMoveAlone ? MOVED : undefined);
    problems.push(...(await commit(world, memory, { lock: options.lock, message, state })));
  }
  problems.push(...(await noteRepairs(world, memory, options.lock)));
  problems.push(...(await notePolicyLines(world, memory, options.lock)));
  problems.push(...(await headProblems(world, memory)));
  return { saved: true, removed: stuck.length === 0, problems };
}

/** What was put back on the firewall is no change of the state, but belongs into the history that it keeps. */
async function noteRepairs(world: World, memory: Memory, lock: Lock): Promise<readonly Problem[]> {
  const { repository, repairs } = memory;
  if (repairs.length === 0 || !repository.exists()) return [];
  try {
    lock.check();
    await repository.note(`Repair what another program changed\n\n${repairs.join('\n')}\n`);
    memory.repairs = [];
    return [];
  } catch (error) {
    return gitFailed(world, memory, error);
  }
}

/** What a person edited and committed without us: the commit is theirs, so what it did is told in one of ours. */
async function notePolicyLines(world: World, memory: Memory, lock: Lock): Promise<readonly Problem[]> {
  const { repository, policyLines } = memory;
  if (policyLines.length === 0 || !repository.exists()) return [];
  try {
    lock.check();
    await repository.note(`Tell what the policy changed\n\n${policyLines.join('\n')}\n`);
    memory.policyLines = [];
    return [];
  } catch (error) {
    return gitFailed(world, memory, error);
  }
}

/** What a person told git not to look at is a part of the state all the same. */
async function revealHidden(world: World, memory: Memory): Promise<readonly Problem[]> {
  try {
    const found = memory.repository.exists() && (await memory.repository.reveal());
    if (found) memory.uncommittedSince = 0;
    return [];
  } catch (error) {
    return gitFailed(world, memory, error);
  }
}

/** What is committed on no branch is lost to whoever goes back to one. */
async function headProblems(world: World, { repository }: Memory): Promise<readonly Problem[]> {
  if (!(await repository.head.isDetached().catch(() => false))) return [];
  const branch = await repository.head.branchBefore().catch(() => undefined);
  const mend = await gitOfOwner(world, branch === undefined ? 'checkout -b main' : `checkout -B ${branch}`);
  const message = `HEAD is detached: what is committed is on no branch; to take the branch along: ${mend}`;
  return [{ condition: 'Committed', reason: 'Detached', message }];
}

/** A git that was killed may have left a lock, or a disk a broken index: the next try is to find neither. */
async function gitFailed(world: World, memory: Memory, error: unknown): Promise<readonly Problem[]> {
  // One that cannot be removed is what git tells of next time.
  await memory.repository.clearStaleLocks(world.mayBeHeld).catch(() => undefined);
  await memory.repository.mendIndex().catch(() => undefined);
  return [{ condition: 'Committed', reason: 'GitFailed', message: messageOf(error) }];
}

/** What a person edited, or a crash left, is committed as such, apart from what this pass does. */
async function takeOver(
  world: World,
  memory: Memory,
  { inputs, lock }: Pick<Keep, 'inputs' | 'lock'>,
): Promise<readonly Problem[]> {
  const wasSettled = memory.settledIn;
  try {
    if (!wasSettled && memory.repository.exists()) {
      await memory.repository.clearStaleLocks(world.mayBeHeld);
      await memory.repository.mendIndex();
      await memory.repository.ignoreLeavings();
    }
    if (await hasHistory(memory)) {
      if (await memory.repository.isDirty()) return await commitOthers(world, memory, { inputs, lock });
      delete memory.policyNews;
      memory.committed = inputs.state;
      await noteCommit(world, memory);
    }
    memory.settledIn = true;
    return [];
  } catch (error) {
    return gitFailed(world, memory, error);
  }
}

async function commitOthers(
  world: World,
  memory: Memory,
  { inputs, lock }: Pick<Keep, 'inputs' | 'lock'>,
): Promise<readonly Problem[]> {
  const wasSettled = memory.settledIn;
  const changes = diffStates(memory.committed, inputs.state, world.now());
  const unsaid = wasSettled
    ? 'Take over what was edited by hand'
    : 'Commit what stood uncommitted at the start';
  const subject = memory.policyNews ?? unsaid;
  const message = commitMessage(wasSettled ? changes : [], subject, memory.policyLines);
  const problems = await commit(world, memory, { lock, message, state: inputs.state });
  if (problems.length > 0) return problems;
  memory.policyLines = [];
  memory.settledIn = true;
  delete memory.policyNews;
  return [];
}

interface Commit {
  readonly lock: Lock;
  readonly message: string;
  readonly state: State;
}

async function commit(world: World, memory: Memory, options: Commit): Promise<readonly Problem[]> {
  try {
    await tryToCommit(world, memory, options);
    return [];
  } catch (error) {
    const hadLocks = await memory.repository.clearStaleLocks(world.mayBeHeld).catch(() => false);
    if (!hadLocks) return gitFailed(world, memory, error);
  }
  return tryToCommit(world, memory, options).then(
    () => [],
    (error: unknown) => gitFailed(world, memory, error),
  );
}

async function tryToCommit(world: World, memory: Memory, { lock, message, state }: Commit): Promise<void> {
  lock.check();
  // A policy that is damaged, or was written since it was read, must not become the one that git gives back.
  const isRead = !memory.policy.damaged && policyStamp(world) === memory.policy.stamp;
  if (memory.repository.exists())
    await memory.repository.commit(message, isRead ? [] : ['policy.yaml', 'policy.trial.yaml']);
  else await memory.repository.begin(message);
  await memory.store.noteCommitted();
  await noteCommit(world, memory);
  memory.committed = state;
  delete memory.uncommittedSince;
}
