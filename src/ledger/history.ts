/**
 * The state's history, and what must not be taken for its beginning: a folder that vanished, a history that was set
 * back.
 */
import type { Problem } from '../domain/conditions.ts';
import type { StateRepository } from './git/git.ts';
import type { StateStore } from './store/store.ts';
import { BanspoolError } from '../system/error.ts';
import { gitOfOwner } from './git-of-owner.ts';
import type { LedgerWorld } from './ledger-world.ts';
import type { Mark } from './mark.ts';
import { mendOfLostBranch } from './mend-of-git.ts';

/** A history that was kept and is gone. */
export interface Lost {
  readonly what: string;
  readonly mend: string;
}

/** What a person says who knows that it is so. */
const ACCEPT = 'banspool accept';

interface HistoryParts {
  readonly store: StateStore;
  readonly repository: StateRepository;
  readonly mark: Mark;
}

type HistoryWorld = Pick<LedgerWorld, 'config' | 'files' | 'run'>;

export class History {
  readonly #world: HistoryWorld;
  readonly #store: StateStore;
  readonly #repository: StateRepository;
  readonly #mark: Mark;

  constructor(world: HistoryWorld, { store, repository, mark }: HistoryParts) {
    this.#world = world;
    this.#store = store;
    this.#repository = repository;
    this.#mark = mark;
  }

  /** False without a repository, and in one without a commit, such as `git init` makes: nothing was ever kept there. */
  async exists(): Promise<boolean> {
    return this.#repository.exists() && !(await this.#repository.head.isUnborn().catch(() => false));
  }

  /** True where no state was begun, however far a first start came before it was killed. */
  async isFirstStart(): Promise<boolean> {
    return (await this.#mark.read()) === undefined && !(await this.exists());
  }

  /**
   * What a person is to know where a history was kept and is gone. What is claimed is on disk still, and enforced;
   * but a history that began anew unsaid would hide that the other is lost.
   */
  async loss(): Promise<Lost | undefined> {
    if ((await this.exists()) || (await this.#mark.read())?.commit === undefined) return undefined;
    const git = `${this.#repository.folder}/.git`;
    const there = this.#repository.exists() ? 'contains no commit' : 'is missing';
    const parts = { repository: this.#repository, mark: this.#mark };
    const way = this.#repository.exists() ? await mendOfLostBranch(this.#world, parts) : undefined;
    return {
      what: `${git} ${there}, and the history is lost`,
      mend: `restore it${way === undefined ? ',' : `: ${way};`} or, to start a new history: ${ACCEPT}`,
    };
  }

  /**
   * Throws where a state was begun and nothing of it is there: moved away, not mounted, or another folder than the
   * config named before. Whom it allows is not known then, and of the bans that stand none is anybody else's.
   */
  async requireState(): Promise<void> {
    if (await this.exists()) return;
    const mark = await this.#mark.read();
    // With claims, and only git gone, there is all that a pass needs.
    if (mark?.commit === undefined || (await this.#store.hasFiles())) return;
    const { state } = this.#world.config;
    const there = this.#world.files.modified(state) === undefined ? 'is missing' : 'contains no state';
    const before =
      mark.state === state ? 'it contained the state before' : `the state was in ${mark.state} before`;
    const branch = this.#repository.exists() ? await this.#branchWith(mark.commit) : undefined;
    const back =
      branch === undefined
        ? 'restore it, or mount it'
        : `restore it: ${await gitOfOwner(this.#world, `checkout ${branch}`)}`;
    throw new BanspoolError('damaged-state', `${state} ${there}, and ${before}`, {
      hint: `${back}; to start over, and adopt the bans on the firewall: ${ACCEPT}; until then rules stay as they are`,
    });
  }

  /**
   * Throws where the newest commit that is known of is no longer in the history, and what stands differs from it: an
   * older commit was checked out, a branch set back, a backup put in place. Whoever reverts commits keeps them.
   */
  async requireDescent(): Promise<void> {
    if (!(await this.exists())) return;
    const mark = await this.#mark.read();
    if (mark?.commit === undefined || mark.state !== this.#world.config.state) return;
    if (await this.#repository.head.hasGrownFrom(mark.commit)) return;
    const commit = mark.commit.slice(0, 8);
    const back = await this.#wayBack(mark.commit);
    throw new BanspoolError(
      'damaged-state',
      `${this.#repository.folder} is at a commit whose history lacks ${commit}, the last enforced commit`,
      {
        hint: `${back}; or, to accept the current state: ${ACCEPT}; until then rules stay as they are`,
      },
    );
  }

  /** To a commit that this repository may not even have: it may be another one. */
  async #wayBack(commit: string): Promise<string> {
    const branch = await this.#branchWith(commit);
    if (branch !== undefined) return `go back to it: ${await gitOfOwner(this.#world, `checkout ${branch}`)}`;
    if (!(await this.#repository.head.hasCommit(commit))) return 'restore the repository that has it';
    return `go back to it: ${await gitOfOwner(this.#world, `reset --keep ${commit.slice(0, 8)}`)}`;
  }

  async #branchWith(commit: string): Promise<string | undefined> {
    return this.#repository.head.branchWith(commit).catch(() => undefined);
  }
}

/** The condition that it is gone, for a pass that commits nothing then. */
export function lostProblem({ what, mend }: Lost): Problem {
  const message = `${what}: nothing is committed; fix: ${mend}`;
  return { condition: 'Committed', reason: 'HistoryLost', message };
}
