/**
 * Packs the history beside the passes, at the lowest priority and a slice at a time: of a state with thousands of
 * commits git may have work for a minute, and nobody's ban is to wait for it. git packs and commits in one repository
 * at once.
 */
import { BanspoolError, messageOf } from '../system/error.ts';
import type { Background } from '../system/processes/background.ts';
import type { Lock } from '../system/files/lock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Problem } from '../domain/conditions.ts';
import type { World } from '../world/world.ts';

/** A slice takes seconds; what takes this long hangs. */
const TIMEOUT_MS = 600_000;

/** After a failure, doubled each time. */
const FIRST_WAIT_MS = 60_000;
const MAX_WAIT_MS = 3_600_000;

export class Packer {
  readonly #world: World;
  readonly #repository: Ledger['repository'];
  #job: { readonly background: Background; readonly over: Promise<void> } | undefined;
  #isStarting = false;
  #wait = FIRST_WAIT_MS;
  #notBefore = -Infinity;
  #failure: string | undefined;

  constructor(world: World, { repository }: Pick<Ledger, 'repository'>) {
    this.#world = world;
    this.#repository = repository;
  }

  /** Starts a slice where there is one to do, and nobody else does it; comes back when it has begun. */
  async consider(): Promise<void> {
    if (this.#job !== undefined || this.#isStarting || performance.now() < this.#notBefore) return;
    this.#isStarting = true;
    try {
      if (!this.#repository.exists() || !(await this.#repository.isLoose())) return;
      // Beside the state, where no git takes it for one of its own.
      const lock = await this.#world.takeLock(`${this.#repository.folder}.pack`, 0);
      await this.#start(lock).catch(async (error: unknown) => {
        await lock.release();
        throw error;
      });
    } catch (error) {
      // Another process packs.
      if (!(error instanceof BanspoolError && error.code === 'locked')) this.#note(messageOf(error));
    } finally {
      this.#isStarting = false;
    }
  }

  /** Resolves when the slice under way, if there is one, is over. */
  async over(): Promise<void> {
    await this.#job?.over;
  }

  /** Ends what is under way; the next controller begins it anew. */
  async stop(): Promise<void> {
    this.#notBefore = Infinity;
    this.#job?.background.stop();
    await this.over();
  }

  /** What keeps the history from being packed: it grows, and all else goes on. */
  get problem(): Problem | undefined {
    if (this.#failure === undefined) return undefined;
    const message = `the history cannot be packed: git repack in ${this.#repository.folder}: ${this.#failure}`;
    return { condition: 'Committed', reason: 'PackFailed', message };
  }

  async #start(lock: Lock): Promise<void> {
    await this.#repository.clearPackLeavings(this.#world.now());
    const { args, options } = await this.#repository.packing();
    const background = this.#world.startBackground('git', args, { ...options, timeoutMs: TIMEOUT_MS });
    const over = background.ended.then(async (failure) => {
      await lock.release().catch(() => undefined);
      this.#note(failure);
      this.#job = undefined;
    });
    this.#job = { background, over };
  }

  #note(failure: string | undefined): void {
    this.#failure = failure;
    if (failure === undefined) this.#wait = FIRST_WAIT_MS;
    else {
      this.#notBefore = Math.max(this.#notBefore, performance.now() + this.#wait);
      this.#wait = Math.min(this.#wait * 2, MAX_WAIT_MS);
    }
  }
}
