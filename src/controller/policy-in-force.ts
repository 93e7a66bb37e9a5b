/**
 * Which policy counts: policy.yaml, or while it lasts the one that is tried; and while that is damaged the last good one,
 * which this process or git remembers.
 */
import { readPolicy, EMPTY_POLICY, type Policy } from '../policy/policy.ts';
import { readTrial } from '../policy/trial.ts';
import { untilText } from '../report/words.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { gitOfOwner } from '../ledger/git-of-owner.ts';
import { NEVER_READ, policyPath, trialPath, type Memory } from './memory.ts';
import type { Problem } from '../names/conditions.ts';
import type { World } from './world.ts';

/** Without the file: before the first start, or where a person took it out and committed that. */
const NO_POLICY = '{}';

/** Commits of policy.yaml that are looked at for a good one: a person may have committed a damaged one, or several. */
const MAX_COMMITS = 20;

/** As the stamp of a policy that git gave: no file has it. */
const FROM_GIT = 'from git';

/** Changes with what is written of the policy; as {@link Memory.policy} keeps it. */
export function policyStamp(world: World): string | undefined {
  const own = world.files.stamp(policyPath(world));
  const trial = world.files.stamp(trialPath(world));
  return trial === undefined ? own : `${own ?? 'none'} ${trial}`;
}

/** True when another may count than the one that was last read: it was written, or the time of a tried one is over. */
export function isPolicyStale(world: World, memory: Memory): boolean {
  return policyStamp(world) !== memory.policy.stamp || world.now() >= policyDue(memory);
}

/** When the one that is tried goes back; Infinity where none is. */
export function policyDue({ policy: { isTried, triedUntil = Infinity } }: Memory): number {
  return isTried === true ? triedUntil : Infinity;
}

export interface RefreshOptions {
  /** True for who only looks: where no good policy is known, answers leave the policy out, and say so. */
  readonly mayGuess: boolean;
  /** True where it is known that the file was meant to go. */
  readonly mayLack: boolean;
}

/** Reads it where it changed. Throws when it is damaged and no good one is known: a pass must not guess. */
export async function refreshPolicy(
  world: World,
  memory: Memory,
  { mayGuess, mayLack }: RefreshOptions,
): Promise<readonly Problem[]> {
  if (!isPolicyStale(world, memory)) return [];
  const stamp = policyStamp(world);
  const trial = await readTried(world);
  if (trial.kind === 'tried') {
    memory.policyNews = `Try a policy ${untilText(trial.until)}`;
    memory.policy = { value: trial.policy, stamp, damaged: false, triedUntil: trial.until, isTried: true };
    return [];
  }
  const over = trial.kind === 'over' ? { isTried: false } : {};
  if (memory.policy.isTried === true && trial.kind === 'none') memory.policyNews = endOfTrial(memory, stamp);
  const read = await readFile(world, mayLack);
  if (read.kind === 'policy') {
    memory.policy = { value: read.policy, stamp, damaged: false, ...over };
    return [];
  }
  const { message } = read;
  const good = await lastGood(memory);
  if (memory.policy.stamp !== NEVER_READ) {
    memory.policy = { ...memory.policy, damaged: true };
    return [await damaged(world, `${message}; the last good one stays in force`, good?.commit)];
  }
  if (good !== undefined) {
    memory.policy = { value: good.policy, stamp: FROM_GIT, damaged: true };
    const origin = `the last good one, of commit ${good.commit}, stays in force`;
    return [await damaged(world, `${message}; ${origin}`, good.commit)];
  }
  if (!mayGuess || !memory.repository.exists()) throw await noneGood(world, message);
  memory.policy = { value: EMPTY_POLICY, stamp: FROM_GIT, damaged: true };
  return [await damaged(world, `${message}; git gives no good one back, so this leaves the policy out`)];
}

/** Who confirms writes policy.yaml, and takes the other away; who only takes that away does not want it. */
function endOfTrial({ policy }: Memory, stamp: string | undefined): string {
  return policy.stamp?.split(' ')[0] === stamp
    ? 'Take back the policy that was tried'
    : 'Keep the policy that was tried';
}

type Tried =
  | { readonly kind: 'none' | 'over' }
  | { readonly kind: 'tried'; readonly policy: Policy; readonly until: number };

/** One that cannot be read has gone back: nobody is to be locked out by what nobody can say of it. */
async function readTried(world: World): Promise<Tried> {
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
async function readFile(world: World, mayLack: boolean): Promise<ReadFile> {
  const path = policyPath(world);
  const text = await world.files.read(path).catch((error: unknown) => ({ failure: messageOf(error) }));
  if (typeof text === 'object')
    return { kind: 'damaged', message: `policy.yaml cannot be read: ${text.failure}` };
  if (text === undefined && !mayLack)
    return { kind: 'damaged', message: 'policy.yaml went while it was to be read' };
  const read = readPolicy(text ?? NO_POLICY);
  if (read.kind === 'policy') return read;
  const [mistake] = read.mistakes;
  const message = `policy.yaml line ${mistake?.line ?? 1}: ${mistake?.message ?? 'unreadable'}`;
  return { kind: 'damaged', message };
}

/** With its mend: whoever reads of it, in status too, is to find the way out there. */
async function damaged(world: World, message: string, commit = 'HEAD'): Promise<Problem> {
  const takeBack = await gitOfOwner(world, `checkout ${commit} -- policy.yaml`);
  return {
    condition: 'PolicyValid',
    reason: 'Damaged',
    message: `${message}; mend ${policyPath(world)}, or take the last good one back: ${takeBack}`,
  };
}

interface Good {
  readonly policy: Policy;
  /** As people shorten it. */
  readonly commit: string;
}

/** A damaged one is not committed by us, so the newest in git is nearly always it. */
async function lastGood({ repository }: Memory): Promise<Good | undefined> {
  if (!repository.exists()) return undefined;
  for (const commit of await commitsOfPolicy(repository)) {
    const text = await repository.read(['show', `${commit}:policy.yaml`]).catch(() => undefined);
    const read = text === undefined ? undefined : readPolicy(text);
    if (read?.kind === 'policy') return { policy: read.policy, commit: commit.slice(0, 8) };
  }
  return undefined;
}

/** Newest first; none where git cannot tell. */
async function commitsOfPolicy(repository: Memory['repository']): Promise<readonly string[]> {
  const args = ['log', '--format=%H', `--max-count=${MAX_COMMITS}`, '--', 'policy.yaml'];
  const log = await repository.read(args).catch(() => '');
  return log.split('\n').filter((line) => line !== '');
}

async function noneGood(world: World, message: string): Promise<BanspoolError> {
  const takeBack = await gitOfOwner(world, 'checkout HEAD -- policy.yaml');
  return new BanspoolError('damaged-state', message, {
    hint: `mend ${policyPath(world)}, or take the last good one back: ${takeBack}; until then rules stay as they are`,
  });
}
