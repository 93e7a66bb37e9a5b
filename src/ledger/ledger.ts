/**
 * The keeper of the state: on disk, and in git behind it. A pass holds it, so that nobody else writes meanwhile: it
 * reads, and at its end saves what it concluded, durably; once that is on disk, the spool's files go; a commit comes
 * last. So a crash loses nothing. What is remembered from pass to pass can all be found again.
 */
import type { Problem } from '../domain/conditions.ts';
import type { Policy } from '../policy/policy.ts';
import { StateRepository, STATE_MODE } from './git/git.ts';
import type { State } from '../claims/state.ts';
import { StateStore } from './store/store.ts';
import { messageOf } from '../system/error.ts';
import type { Lock } from '../system/files/lock.ts';
import { Commits, type CommitOptions, type TakeOver } from './commits.ts';
import { EarlyBans } from './early-bans.ts';
import { History } from './history.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { Mark } from './mark.ts';
import type { Notes } from './notes.ts';
import { PolicyInForce } from './policy-in-force.ts';
import { damaged, doubtProblem, partlyGone, requireWhole, unknownLoss, type Doubt } from './whole.ts';

interface Held {
  /**
   * True where another process held it since, such as the timer's: its pass may have changed the state and the
   * firewall.
   */
  readonly isShared: boolean;
}

interface ReadOptions {
  /** Reads all files again, also those that nobody seems to have touched. */
  readonly isFull: boolean;
  /** For who only looks: see policy-in-force.ts. */
  readonly mayGuess?: boolean;
}

export interface LedgerReading {
  readonly state: State;
  readonly policy: Policy;
  readonly problems: readonly Problem[];
  /** True when somebody else, a person or another process, may have written into the state's folder. */
  readonly changedByOthers: boolean;
  /** True when a file of the state may be missing without anybody's knowing: git cannot be asked. */
  readonly mayLack: boolean;
}

export class Ledger {
  readonly repository: StateRepository;
  readonly store: StateStore;
  readonly mark: Mark;
  readonly history: History;
  readonly policy: PolicyInForce;
  readonly early: EarlyBans;
  readonly #world: LedgerWorld;
  readonly #commits: Commits;
  #lock: Lock | undefined;
  /** The last holding of the lock; undefined where it could not be made. */
  #holding: string | undefined;
  #isSuspect = true;
  /** True from when a pass asks for it until that has ended. */
  #isWanted = false;
  /** What it is held for again, for a moment. */
  #again: Promise<void> | undefined;

  constructor(world: LedgerWorld) {
    const { config, files, run } = world;
    this.#world = world;
    this.store = new StateStore(config.state, files);
    this.repository = new StateRepository(config.state, run, files);
    this.mark = new Mark(world);
    this.early = new EarlyBans(world);
    this.policy = new PolicyInForce(world, this.repository);
    this.history = new History(world, this);
    const { store, repository, mark, history, policy } = this;
    const checkLock = this.#checkLock;
    this.#commits = new Commits(world, { store, repository, mark, history, policy, checkLock });
  }

  /** As last read or saved. */
  get state(): State {
    return this.store.current;
  }

  /** True when its files may say more than what was last read of them. */
  get isSuspect(): boolean {
    return this.#isSuspect;
  }

  /** True when its files changed since they were read, until they are read again; needs no lock. */
  async hasChanged(): Promise<boolean> {
    this.#isSuspect ||= await this.store.isStale();
    return this.#isSuspect;
  }

  /** What is to be told in the history beside the changes of claims. */
  get notes(): Notes {
    return this.#commits.notes;
  }

  /**
   * Does `work` as the one holder of the state, waiting at most `waitMs` for another; throws where the state
   * vanished.
   */
  async whileHeld<T>(waitMs: number, work: (held: Held) => Promise<T>): Promise<T> {
    const { config, files, takeLock } = this.#world;
    this.#isWanted = true;
    let lock: Lock | undefined;
    try {
      await this.#again;
      await this.history.requireState();
      if (files.modified(config.state) === undefined) await files.makeFolder(config.state, STATE_MODE);
      lock = await takeLock(config.state, waitMs);
      const isShared = lock.before === undefined || lock.before !== this.#holding;
      this.#holding = lock.holding;
      this.#isSuspect ||= isShared;
      this.#lock = lock;
      return await work({ isShared });
    } finally {
      this.#lock = undefined;
      this.#isWanted = false;
      await lock?.release();
    }
  }

  /**
   * Does `work` at once as the one holder of the state, where nobody else held it since; resolves when it has ended,
   * however that was. Nothing is saved meanwhile. Undefined where it is not done.
   */
  holdAgain(work: () => Promise<unknown>): Promise<void> | undefined {
    const { config, retakeLock } = this.#world;
    const isFree = !this.#isWanted && this.#again === undefined;
    const release =
      isFree && this.#holding !== undefined ? retakeLock(config.state, this.#holding) : undefined;
    if (release === undefined) return undefined;
    const end = (): void => {
      this.#again = undefined;
      release();
    };
    this.#again = work().then(end, end);
    return this.#again;
  }

  /** Makes the folder what a new state begins as, where there is none. */
  async open(): Promise<void> {
    if (!this.#commits.hasTakenOver) await this.repository.clearCutInit();
    if (!(await this.history.exists()) && (await this.history.loss()) === undefined)
      await this.repository.prepare(this.#world.template);
  }

  /** Reads state and policy; throws when one cannot be read: then nothing may be concluded from what is missing. */
  async read({ isFull, mayGuess = false }: ReadOptions): Promise<LedgerReading> {
    await this.history.requireState();
    const known = this.state;
    const hasPolicy = this.policy.hasFile();
    const doubt = this.#commits.hasTakenOver && hasPolicy ? undefined : await requireWhole(this.#world, this);
    if (doubt !== undefined && !hasPolicy) throw unknownLoss(doubt);
    if (isFull || this.#isSuspect) {
      await this.#load();
      this.#isSuspect = false;
    }
    const { state } = this;
    const policyChanged = this.policy.isStale();
    if (doubt === undefined && (!this.#commits.hasTakenOver || policyChanged || state !== known))
      await this.#commits.requireDescent();
    const policyProblems = await this.policy.refresh({ mayGuess, mayLack: !hasPolicy });
    // This process did not know them before: what went since the first look was not loaded, and is not missed later.
    if (!this.#commits.hasTakenOver && doubt === undefined) await requireWhole(this.#world, this);
    return {
      state,
      policy: this.policy.value,
      problems: [...policyProblems, ...(doubt === undefined ? [] : [doubtProblem(doubt)])],
      changedByOthers: (policyChanged && policyProblems.length === 0) || state !== known,
      mayLack: doubt !== undefined,
    };
  }

  /** Looks for what {@link takeOver} asks git about, beside other work of a full pass. */
  async lookAhead(): Promise<void> {
    if (this.repository.exists()) await this.repository.hidden.look();
  }

  /** Commits what others left, before anything of this pass is written. */
  async takeOver(options: TakeOver): Promise<readonly Problem[]> {
    const untaken = await this.policy.takeBackTrial();
    return [...untaken, ...(await this.#commits.takeOver(options))];
  }

  /** Writes the state to disk; the problem that keeps it from being there. */
  async save(state: State): Promise<Problem | undefined> {
    try {
      const written = await this.store.save(state, this.#checkLock);
      if (written.length > 0) this.#commits.noteSaved();
      return undefined;
    } catch (error) {
      const { state: folder } = this.#world.config;
      const message = `${folder}: ${messageOf(error)}; intents stay in the spool until it can be written`;
      return { condition: 'StateSaved', reason: 'WriteFailed', message };
    }
  }

  /** Commits what was saved. */
  async commit(options: CommitOptions): Promise<readonly Problem[]> {
    return this.#commits.commit(options);
  }

  async #load(): Promise<void> {
    let loaded = await this.store.load();
    if (loaded.kind === 'lacking') {
      if (!this.repository.exists()) throw partlyGone(this.#world.config.state);
      const doubt: Doubt | undefined = await requireWhole(this.#world, this);
      if (doubt !== undefined) throw unknownLoss(doubt);
      loaded = await this.store.load({ mayLack: true });
    }
    if (loaded.kind !== 'loaded')
      throw await damaged(this.#world, loaded.kind === 'damaged' ? loaded.damages : []);
  }

  readonly #checkLock = (): void => {
    if (this.#lock === undefined) throw new Error('the state is written without its lock');
    this.#lock.check();
  };
}
