/**
 * A HEAD that is on no branch, as a checkout of a commit leaves it: it is committed there, and the branch stays
 * behind.
 */
import type { StateRepository } from './git/git.ts';
import { gitOfOwner, type Owned } from './git-of-owner.ts';

interface DetachedHead {
  readonly what: string;
  /** A command that takes no commit away from any branch. */
  readonly mend: string;
}

/** Undefined where HEAD is on a branch, or where that cannot be told. */
export async function findDetachedHead(
  world: Owned,
  head: StateRepository['head'],
): Promise<DetachedHead | undefined> {
  if (!(await head.isDetached().catch(() => false))) return undefined;
  const branch = await head.branchBefore().catch(() => undefined);
  const words =
    branch === undefined
      ? `checkout -b ${await head.freeBranch().catch(() => 'main')}`
      : `checkout -B ${branch}`;
  return {
    what: 'HEAD is detached: new commits are on no branch',
    mend: await gitOfOwner(world, words),
  };
}
