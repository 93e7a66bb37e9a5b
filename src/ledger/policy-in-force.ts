/**
 * Which policy counts: policy.yaml, or while it lasts the one that is tried; and while that is damaged the last good
 * one, which this process or git remembers.
 */
import type { Problem } from '../domain/conditions.ts';
import { readPolicy, EMPTY_POLICY, type Policy } from '../policy/policy.ts';
import { readTrial } from '../policy/trial.ts';
import { untilText } from '../domain/words.ts';
import type { StateRepository } from './git/git.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { gitOfOwner } from './git-of-owner.ts';
import type { LedgerWorld } from './ledger-world.ts';
import { committedPolicy, lastGoodPolicy } from './policy-in-git.ts';
import { readPolicyFile } from './policy-files.ts';
import { policyPath, trialPath } from './policy-paths.ts';

/** As the stamp of a policy that git gave: no file has it. */
const FROM_GIT = 'from git';

/** No file has this stamp. */
const NEVER_READ = 'never read';

/** The last good one. */
interface InForce {
  readonly value: Policy;
  /** Of the files it came from. */
  readonly stamp: string | undefined;
  readonly damaged: boolean;
  /** True for one that is tried, until `triedUntil`; false where the file of one is left whose time is over. */
  readonly isTried?: boolean;
  readonly triedUntil?: number;
}

interface RefreshOptions {
  /** True for who only looks: where no good policy is known, answers leave the policy out, and say so. */
  readonly mayGuess: boolean;
  /** True where it is known that the file was meant to go. */
  readonly mayLack: boolean;
}

type Needs = Pick<LedgerWorld, 'config' | 'files' | 'run' | 'now'>;

export class PolicyInForce {
  readonly #world: Needs;
  readonly #repository: StateRepository;
  #last: InForce = { value: EMPTY_POLICY, stamp: NEVER_READ, damaged: false };
  #news: string | undefined;
  /** What it changes since is still to be told. */
  #told: Policy | undefined;

  constructor(world: Needs, repository: StateRepository) {
    this.#world = world;
    this.#repository = repository;
  }

  get value(): Policy {
    return this.#last.value;
  }

  /** When the one that is tried goes back; Infinity where none is. */
  get due(): number {
    const { isTried, triedUntil = Infinity } = this.#last;
    return isTried === true ? triedUntil : Infinity;
  }

  /** The subject of the commit that is to tell what became of a policy that is tried. */
  get news(): string | undefined {
    return this.#news;
  }

  /** To be called when it was told. */
  forgetNews(): void {
    this.#news = undefined;
  }

  /** False where a file of it stands on disk that is damaged, or was written since it was read. */
  get isAsOnDisk(): boolean {
    return !this.#last.damaged && this.#stamp() === this.#last.stamp;
  }

  /** True where people wrote one. */
  hasFile(): boolean {
    return this.#world.files.modified(policyPath(this.#world)) !== undefined;
  }

  /**
   * True when another may count than the one that was last read: it was written, or the time of a tried one is over.
   */
  isStale(): boolean {
    return this.#stamp() !== this.#last.stamp || this.#world.now() >= this.due;
  }

  /** Reads it where it changed. Throws when it is damaged and no good one is known: a pass must not guess. */
  async refresh({ mayGuess, mayLack }: RefreshOptions): Promise<readonly Problem[]> {
    if (!this.isStale()) return [];
    const stamp = this.#stamp();
    const trial = await readTried(this.#world);
    if (trial.kind === 'tried') {
      this.#news = `Try a policy ${untilText(trial.until)}`;
      this.#last = { value: trial.policy, stamp, damaged: false, triedUntil: trial.until, isTried: true };
      return [];
    }
    const over = trial.kind === 'over' ? { isTried: false } : {};
    if (this.#last.isTried === true && trial.kind === 'none') this.#news = endOfTrial(this.#last, stamp);
    const read = await readFile(this.#world, mayLack);
    if (read.kind === 'policy') {
      this.#last = { value: read.policy, stamp, damaged: false, ...over };
      return [];
    }
    return [await this.#fallBack(read.message, mayGuess)];
  }

  /** Clears away one that was tried and not confirmed; where that fails, it is tried again with the next pass. */
  async takeBackTrial(): Promise<readonly Problem[]> {
    if (this.#last.isTried !== false) return [];
    const path = trialPath(this.#world);
    try {
      await this.#world.files.remove(path);
    } catch (error) {
      const message = `${path} expired and cannot be removed: ${messageOf(error)}`;
      return [{ condition: 'StateSaved', reason: 'WriteFailed', message }];
    }
    const { value, damaged, stamp } = this.#last;
    this.#last = { value, damaged, stamp: damaged ? stamp : this.#stamp() };
    this.#news = 'Revert the unconfirmed policy';
    return [];
  }

  /**
   * Notes that what `policy` changes is told of, and returns the one of which that was said before; at a start the
   * one that git has, which is what a predecessor enforced.
   */
  async exchangeTold(policy: Policy): Promise<Policy> {
    const before = this.#told ?? (await this.#committedBefore()) ?? policy;
    this.#told = policy;
    return before;
  }

  /** The one in git; undefined where that is the same as on disk, or there is none. */
  async #committedBefore(): Promise<Policy | undefined> {
    const text = await this.#world.files.read(policyPath(this.#world)).catch(() => undefined);
    return committedPolicy(this.#repository, text);
  }

  /** Where the file is damaged the last good one stays. */
  async #fallBack(message: string, mayGuess: boolean): Promise<Problem> {
    const good = await lastGoodPolicy(this.#repository);
    if (this.#last.stamp !== NEVER_READ) {
      this.#last = { ...this.#last, damaged: true };
      return damaged(this.#world, `${message}; the last good one stays in force`, good?.commit);
    }
    if (good !== undefined) {
      this.#last = { value: good.policy, stamp: FROM_GIT, damaged: true };
      const origin = `the last good one, of commit ${good.commit}, stays in force`;
      return damaged(this.#world, `${message}; ${origin}`, good.commit);
    }
    if (!mayGuess || !this.#repository.exists()) throw await noneGood(this.#world, message);
    this.#last = { value: EMPTY_POLICY, stamp: FROM_GIT, damaged: true };
    return damaged(this.#world, `${message}; git has no valid version, so this command ignores the policy`);
  }

  /** Changes with what is written of the policy. */
  #stamp(): string | undefined {
    const { files } = this.#world;
    const own = files.stamp(policyPath(this.#world));
    const trial = files.stamp(trialPath(this.#world));
    return trial === undefined ? own : `${own ?? 'none'} ${trial}`;
  }
}

/** Who confirms writes policy.yaml, and takes the other away; who only takes that away does not want it. */
function endOfTrial(last: InForce, stamp: string | undefined): string {
  return last.stamp?.split(' ')[0] === stamp ? 'Revert the unconfirmed policy' : 'Confirm the policy';
}

type Tried =
  | { readonly kind: 'none' | 'over' }
  | { readonly kind: 'tried'; readonly policy: Policy; readonly until: number };

/** One that cannot be read has gone back: nobody is to be locked out by what nobody can say of it. */
async function readTried(world: Needs): Promise<Tried> {
  const text = await world.files.read(trialPath(world)).catch(() => '');
  if (text === undefined) return { kind: 'none' };
  const trial = readTrial(text);
  if (trial === undefined || trial.until <= world.now()) return { kind: 'over' };
  const read = readPolicy(trial.text);
  return read.kind === 'policy'
    ? { kind: 'tried', policy: read.policy, until: trial.until }
    : { kind: 'over' };
}

type ReadFile =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'damaged'; readonly message: string };

/** One that may not be read is damaged too: an editor of root's leaves such files, by its umask. */
async function readFile(world: Needs, mayLack: boolean): Promise<ReadFile> {
  const read = await readPolicyFile(world);
  if (read.kind === 'unreadable')
    return { kind: 'damaged', message: `policy.yaml cannot be read: ${read.failure}` };
  if (!read.isThere && !mayLack)
    return { kind: 'damaged', message: 'policy.yaml disappeared while it was read' };
  if (read.kind === 'policy') return read;
  const [mistake] = read.mistakes;
  const message = `policy.yaml line ${mistake?.line ?? 1}: ${mistake?.message ?? 'unreadable'}`;
  return { kind: 'damaged', message };
}

/** With its mend: whoever reads of it, in status too, is to find the way out there. */
async function damaged(world: Needs, message: string, commit = 'HEAD'): Promise<Problem> {
  const takeBack = await gitOfOwner(world, `checkout ${commit} -- policy.yaml`);
  return {
    condition: 'PolicyValid',
    reason: 'Damaged',
    message: `${message}; fix ${policyPath(world)}, or restore the last good one: ${takeBack}`,
  };
}

async function noneGood(world: Needs, message: string): Promise<BanspoolError> {
  const takeBack = await gitOfOwner(world, 'checkout HEAD -- policy.yaml');
  return new BanspoolError('damaged-state', message, {
    hint: `fix ${policyPath(world)}, or restore the last good one: ${takeBack}; until then rules stay as they are`,
  });
}
