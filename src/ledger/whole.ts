/** Whether the state is whole: a file that is missing or damaged says nothing of what it held. */
import type { Problem } from '../domain/conditions.ts';
import type { StateRepository } from './git/git.ts';
import type { Damage } from './store/store.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { countText } from '../domain/words.ts';
import { gitOfOwner } from './git-of-owner.ts';
import type { History, Lost } from './history.ts';
import type { LedgerWorld } from './ledger-world.ts';
import type { Mark } from './mark.ts';
import { mendOfGit } from './mend-of-git.ts';

/** Why git cannot tell whether a file is missing, in its own words, and what a person does about it. */
export interface Doubt extends Lost {
  readonly reason: 'GitFailed' | 'HistoryLost';
}

type Needs = Pick<LedgerWorld, 'config' | 'files' | 'run'>;

interface Kept {
  readonly repository: StateRepository;
  readonly history: History;
  readonly mark: Mark;
}

/** Throws where a file is missing: no ban may be lifted for it, and the pass ends there. */
export async function requireWhole(
  world: Needs,
  { repository, history, mark }: Kept,
): Promise<Doubt | undefined> {
  const lost = await history.loss();
  if (lost !== undefined) return { ...lost, reason: 'HistoryLost' };
  if (!repository.exists()) return undefined;
  const missing = await repository.missingFiles().catch((error: unknown): string => messageOf(error));
  if (typeof missing === 'string')
    return { what: missing, mend: await mendOfGit(world, { repository, mark }), reason: 'GitFailed' };
  const [first] = missing;
  if (first === undefined) return undefined;
  const takeBack = await gitOfOwner(world, await repository.takeBack(missing));
  const it = missing.length > 1 ? 'them' : 'it';
  const was = missing.length > 1 ? 'they were' : 'it was';
  // The log is no place for hundreds of names.
  const mend = takeBack.length > MAX_COMMAND ? 'run banspool doctor to see the command' : takeBack;
  throw new BanspoolError('damaged-state', missingText(missing, `${repository.folder}/`), {
    hint: `restore ${it}: ${mend}; or, if ${was} removed on purpose, commit the removal; until then rules stay as they are`,
  });
}

const MAX_COMMAND = 1_000;
const SHOWN_FILES = 3;

/** Which files are missing, the first by their names. */
export function missingText(missing: readonly string[], before = ''): string {
  const shown = missing.slice(0, SHOWN_FILES).map((file) => `${before}${file}`);
  const more = missing.length - shown.length;
  const names = more > 0 ? [...shown, countText(more, 'more file')] : shown;
  const [last = '', ...others] = names.toReversed();
  if (others.length === 0) return `${last} is missing, but git has it`;
  return `${others.toReversed().join(', ')} and ${last} are missing, but git has them`;
}

/** Where files that this process knew are gone, and git with them. */
export function partlyGone(folder: string): BanspoolError {
  return new BanspoolError('damaged-state', `files of ${folder} and its .git are missing`, {
    hint: `restore them, or mount the folder; until then rules stay as they are`,
  });
}

/** Of a file that is known to be gone: the policy, or one that was there a pass ago. */
export function unknownLoss({ what, mend, reason }: Doubt): BanspoolError {
  const hint = reason === 'GitFailed' ? `let git read the state: ${mend}` : mend;
  return new BanspoolError(
    'damaged-state',
    `a state file is missing, and git cannot tell whether it was removed on purpose: ${what}`,
    { hint: `${hint}; until then rules stay as they are` },
  );
}

/** What is there is enforced all the same: after a boot no ban would stand otherwise. */
export function doubtProblem({ what, mend, reason }: Doubt): Problem {
  const message = `cannot tell whether a state file is missing: ${what}; fix: ${mend}`;
  return { condition: 'Committed', reason, message };
}

/** Of files that cannot be understood. */
export async function damaged(world: Needs, damages: readonly Damage[]): Promise<BanspoolError> {
  const [first] = damages;
  const takeBack = await gitOfOwner(world, `checkout HEAD -- ${first?.file ?? ''}`);
  const place = `${world.config.state}/${first?.file ?? ''} line ${first?.line ?? 1}`;
  const more = damages.length > 1 ? ` (and ${damages.length - 1} more)` : '';
  return new BanspoolError('damaged-state', `${place}: ${first?.message ?? 'unreadable'}${more}`, {
    hint: `fix the line, or restore the last valid version: ${takeBack}; until then rules stay as they are`,
  });
}
