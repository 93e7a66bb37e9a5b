/** What git knows of policy.yaml. */
import { readPolicy, type Policy } from '../policy/policy.ts';
import type { StateRepository } from './git/git.ts';

interface Good {
  readonly policy: Policy;
  /** As people shorten it. */
  readonly commit: string;
}

/** Commits that are looked at for a good one: a person may have committed a damaged one, or several. */
const MAX_COMMITS = 20;

/**
 * The newest that is not damaged. We commit no damaged one, so that it is nearly always the first that is looked at.
 */
export async function lastGoodPolicy(repository: StateRepository): Promise<Good | undefined> {
  if (!repository.exists()) return undefined;
  for (const commit of await commitsOfPolicy(repository)) {
    const policy = await policyIn(repository, commit);
    if (policy !== undefined) return { policy, commit: commit.slice(0, 8) };
  }
  return undefined;
}

/** The one that is committed; undefined where that is `text`, or there is no good one. */
export async function committedPolicy(
  repository: StateRepository,
  text: string | undefined,
): Promise<Policy | undefined> {
  return repository.exists() ? policyIn(repository, 'HEAD', text) : undefined;
}

async function policyIn(
  repository: StateRepository,
  commit: string,
  known?: string,
): Promise<Policy | undefined> {
  const text = await repository.read(['show', `${commit}:policy.yaml`]).catch(() => undefined);
  // Of a program's output the end of the last line may be cut.
  if (text === undefined || text.trimEnd() === known?.trimEnd()) return undefined;
  const read = readPolicy(text);
  return read.kind === 'policy' ? read.policy : undefined;
}

/** Newest first; none where git cannot tell. */
async function commitsOfPolicy(repository: StateRepository): Promise<readonly string[]> {
  const args = ['log', '--format=%H', `--max-count=${MAX_COMMITS}`, '--', 'policy.yaml'];
  const log = await repository.read(args).catch(() => '');
  return log.split('\n').filter((line) => line !== '');
}
