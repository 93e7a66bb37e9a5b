/**
 * Keeps the state's history: commits what is on disk, by whomever, and tells in it what changed no claim. When git
 * fails, that is a condition; the state is on disk all the same, and the next pass tries again.
 */
import type { Problem } from '../domain/conditions.ts';
import { commitMessage } from './commit-message.ts';
import { diffStates, type ClaimChange } from '../claims/diff.ts';
import type { StateRepository } from './git/git.ts';
import { EMPTY_STATE, type State } from '../claims/state.ts';
import type { StateStore } from './store/store.ts';
import { messageOf } from '../system/error.ts';
import { findDetachedHead } from './detached-head.ts';
import { editLines, findEdit, forgetEdit } from './edit-note.ts';
import { lostProblem, type History, type Lost } from './history.ts';
import type { LedgerWorld } from './ledger-world.ts';
import type { Mark } from './mark.ts';
import { Notes, type Note } from './notes.ts';
import type { PolicyInForce } from './policy-in-force.ts';

/**
 * What bans nobody and lifts no ban, such as the flush, stop and start of a fail2ban that restarts, is on disk at
 * once but waits this long for a commit to go along with.
 */
const COMMIT_ALONE_AFTER_MS = 60_000;

/** What a commit is called that only takes claims out of files whose names are not ours, or not any more. */
const MOVED = 'Move claims to the files that they belong in';
const [MANUAL, LEFT] = ['Commit manual edits', 'Commit files that were uncommitted at startup'];

interface CommitsParts {
  readonly store: StateStore;
  readonly repository: StateRepository;
  readonly mark: Mark;
  readonly history: History;
  readonly policy: PolicyInForce;
  /** Throws when the state is held no more. */
  readonly checkLock: () => void;
}

export interface TakeOver {
  /** As it was read. */
  readonly state: State;
  /** True when somebody else, a person or another process, may have written into the state's folder. */
  readonly changedByOthers: boolean;
  /** Finds what git was told not to look at too. */
  readonly isFull: boolean;
}

export interface CommitOptions {
  /** As it is on disk. */
  readonly state: State;
  /** The state before this pass, and what the pass tells everybody that it changed of the claims there. */
  readonly since: State;
  readonly claimChanges: readonly ClaimChange[];
  /** Commit also what alone would wait for company. */
  readonly commitAll: boolean;
  /** How long changes may wait for others that follow at once, in milliseconds; undefined where none do. */
  readonly patience: number | undefined;
  /** True where it is told already that the history is lost. */
  readonly isLossTold: boolean;
}

type CommitsWorld = Pick<LedgerWorld, 'config' | 'files' | 'run' | 'now' | 'mayBeHeld'>;

export class Commits {
  readonly notes = new Notes();
  readonly #world: CommitsWorld;
  readonly #parts: CommitsParts;
  #committed: State = EMPTY_STATE;
  /** Since when something is saved and not committed. */
  #uncommittedSince: number | undefined;
  #hasTakenOver = false;
  /** As last found. */
  #lost: Lost | undefined;

  constructor(world: CommitsWorld, parts: CommitsParts) {
    this.#world = world;
    this.#parts = parts;
  }

  /** False until what a predecessor left uncommitted was taken over. */
  get hasTakenOver(): boolean {
    return this.#hasTakenOver;
  }

  /**
   * Throws where the history was set back; until it is in order each pass looks again, though nothing changes any
   * more.
   */
  async requireDescent(): Promise<void> {
    const hadTakenOver = this.#hasTakenOver;
    this.#hasTakenOver = false;
    await this.#parts.history.requireDescent();
    this.#hasTakenOver = hadTakenOver;
  }

  /** To be called when something of the state was written. */
  noteSaved(): void {
    this.#uncommittedSince ??= this.#world.now();
  }

  /** Commits what a person edited, or a crash left, as such, apart from what a pass does. */
  async takeOver({ state, changedByOthers, isFull }: TakeOver): Promise<readonly Problem[]> {
    this.#lost = await this.#parts.history.loss();
    if (this.#lost !== undefined) return [];
    const isDue = changedByOthers || !this.#hasTakenOver;
    const problems = isDue
      ? await this.#commitLeft(state).catch((error: unknown) => this.#failed(error))
      : [];
    return isFull ? [...problems, ...(await this.#try(() => this.#revealHidden()))] : problems;
  }

  /** Commits what was saved, where it is time to, and tells what waits to be told. */
  async commit(options: CommitOptions): Promise<readonly Problem[]> {
    const { state, commitAll, patience, isLossTold } = options;
    if (this.#lost !== undefined) return isLossTold ? [] : [lostProblem(this.#lost)];
    const { history, store } = this.#parts;
    const problems: Problem[] = [];
    const waited = this.#world.now() - (this.#uncommittedSince ?? Infinity);
    const isDue = this.#uncommittedSince !== undefined && (commitAll || waited >= COMMIT_ALONE_AFTER_MS);
    const isNew = !(await history.exists());
    const isSoon = patience !== undefined && !commitAll && waited < patience && !isNew;
    const changes = isSoon ? [] : this.#uncommittedChanges(options);
    if (changes.length > 0 || isDue || isNew) {
      const isMoveAlone = changes.length === 0 && store.hasMoved;
      const message = commitMessage(changes, isNew ? 'Begin' : isMoveAlone ? MOVED : undefined);
      problems.push(...(await this.#commit(message, state)));
    }
    for (const note of this.notes.waiting) problems.push(...(await this.#try(() => this.#tell(note))));
    return [...problems, ...(await this.#headProblems())];
  }

  /**
   * What the pass tells, where the one before was committed; else earlier changes, which waited or failed, belong to
   * it.
   */
  #uncommittedChanges({ state, since, claimChanges }: CommitOptions): readonly ClaimChange[] {
    return since === this.#committed ? claimChanges : this.#changesTo(state);
  }

  #changesTo(state: State): readonly ClaimChange[] {
    return diffStates(this.#committed, state, this.#world.now());
  }

  /** Whatever stands uncommitted; at a start it first clears the locks and the index that a killed git left. */
  async #commitLeft(state: State): Promise<readonly Problem[]> {
    const { repository, history, policy } = this.#parts;
    if (!this.#hasTakenOver && repository.exists()) {
      await repository.clearStaleLocks(this.#world.mayBeHeld);
      await repository.mendIndex();
      await repository.ignoreLeavings();
    }
    if (await history.exists()) {
      if (await repository.isDirty()) return this.#commitOthers(state);
      policy.forgetNews();
      this.#committed = state;
      await this.#noteCommit();
    }
    this.#hasTakenOver = true;
    return [];
  }

  async #commitOthers(state: State): Promise<readonly Problem[]> {
    const { policy } = this.#parts;
    const did = await findEdit(this.#world);
    const changes = this.#hasTakenOver ? this.#changesTo(state) : [];
    const others = [...editLines(did), ...this.notes.policyLines];
    const subject = did ?? policy.news ?? (this.#hasTakenOver ? MANUAL : LEFT);
    const message = commitMessage(changes, subject, others);
    const problems = await this.#commit(message, state);
    if (problems.length > 0) return problems;
    this.notes.forgetPolicyLines();
    this.#hasTakenOver = true;
    policy.forgetNews();
    await forgetEdit(this.#world);
    return [];
  }

  /** What a person told git not to look at is a part of the state all the same. */
  async #revealHidden(): Promise<void> {
    const { repository } = this.#parts;
    if (repository.exists() && (await repository.hidden.reveal())) this.#uncommittedSince = 0;
  }

  async #tell({ message, forget }: Note): Promise<void> {
    const { repository, checkLock } = this.#parts;
    if (!repository.exists()) return;
    checkLock();
    await repository.note(message);
    forget();
  }

  /** A lock that a killed git left is removed, and then it is tried once more. */
  async #commit(message: string, state: State): Promise<readonly Problem[]> {
    const commit = (): Promise<void> => this.#tryToCommit(message, state);
    try {
      await commit();
      return [];
    } catch (error) {
      const hadLocks = await this.#clearStaleLocks();
      if (!hadLocks) return this.#failed(error);
    }
    return this.#try(commit);
  }

  async #tryToCommit(message: string, state: State): Promise<void> {
    const { repository, store, policy, checkLock } = this.#parts;
    checkLock();
    // A policy that is damaged, or was written since it was read, must not become the one that git gives back.
    const except = policy.isAsOnDisk ? [] : ['policy.yaml', 'policy.trial.yaml'];
    if (repository.exists()) await repository.commit(message, except);
    else await repository.begin(message);
    await store.noteCommitted();
    await this.#noteCommit();
    this.#committed = state;
    this.#uncommittedSince = undefined;
  }

  async #noteCommit(): Promise<void> {
    const commit = await this.#parts.repository.head.commit().catch(() => undefined);
    if (commit !== undefined) await this.#parts.mark.noteCommit(commit);
  }

  /** What is committed on no branch is lost to whoever goes back to one. */
  async #headProblems(): Promise<readonly Problem[]> {
    const detached = await findDetachedHead(this.#world, this.#parts.repository.head);
    if (detached === undefined) return [];
    const message = `${detached.what}; to attach it to a branch: ${detached.mend}`;
    return [{ condition: 'Committed', reason: 'Detached', message }];
  }

  async #try(work: () => Promise<void>): Promise<readonly Problem[]> {
    return work().then(
      () => [],
      (error: unknown) => this.#failed(error),
    );
  }

  /** A git that was killed may have left a lock, or a disk a broken index: the next try is to find neither. */
  async #failed(error: unknown): Promise<readonly Problem[]> {
    // One that cannot be removed is what git tells of next time.
    await this.#clearStaleLocks();
    await this.#parts.repository.mendIndex().catch(() => undefined);
    return [{ condition: 'Committed', reason: 'GitFailed', message: messageOf(error) }];
  }

  async #clearStaleLocks(): Promise<boolean> {
    return this.#parts.repository.clearStaleLocks(this.#world.mayBeHeld).catch(() => false);
  }
}
