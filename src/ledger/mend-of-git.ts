/**
 * What a person does about a repository that git cannot read: commands that bring HEAD and its branch back, to the
 * newest commit that is whole. git fsck only says what is wrong.
 */
import { join } from 'node:path';
import { BranchFiles, isPlainBranch } from './git/branch-files.ts';
import { gitFolderOf } from './git/git-folder.ts';
import type { StateRepository } from './git/git.ts';
import { BanspoolError } from '../system/error.ts';
import { byOwner, gitOfOwner, shellOfOwner, type Owned } from './git-of-owner.ts';
import type { LedgerWorld } from './ledger-world.ts';
import type { Mark } from './mark.ts';

type Needs = Owned & Pick<LedgerWorld, 'files'>;

/** What there is to know of the history beside git's files. */
interface Known {
  readonly repository: StateRepository;
  readonly mark: Pick<Mark, 'read'>;
}

/** Commands for a shell. */
export async function mendOfGit(world: Needs, known: Known): Promise<string> {
  try {
    return await findMend(world, known);
  } catch (error) {
    // Git is asked what is whole, and may not be there, or not come to an end.
    const isMissing = error instanceof BanspoolError && error.code === 'command-missing';
    return isMissing ? 'apt install git' : gitOfOwner(world, 'fsck');
  }
}

async function findMend(world: Needs, known: Known): Promise<string> {
  const folder = await gitFolderOf(world.config.state, world.files);
  if (world.files.modified(folder) === undefined)
    return `restore ${folder}, or mount it: ${join(world.config.state, '.git')} refers to it`;
  const isReftable = world.files.modified(join(folder, 'reftable')) !== undefined;
  const path = join(folder, 'HEAD');
  const head = await world.files.read(path).catch(() => undefined);
  const branches = new BranchFiles(folder, world.files);
  const followed = branchIn(head);
  // Without it git takes the folder for no repository at all, and says nothing of the reason.
  const isLost = !/^(?:ref: refs\/\S+|[0-9a-f]{40,64})\s*$/.test(head ?? '');
  const branch = isLost ? await likelyBranch(known, branches) : followed;
  const steps = isLost
    ? [await shellOfOwner(world, `echo "ref: ${isReftable ? 'refs/heads/.invalid' : branch}" > ${path}`)]
    : [];
  if (!isReftable && branch !== undefined)
    steps.push(...(await mendOfBranch(world, known, { branch, branches, canAsk: !isLost })));
  return steps.length > 0 ? steps.join(' && ') : gitOfOwner(world, 'fsck');
}

/** Commands that give a branch a commit again which has none; undefined where none is known, or its commit is good. */
export async function mendOfLostBranch(world: Needs, known: Known): Promise<string | undefined> {
  const folder = await gitFolderOf(world.config.state, world.files);
  const head = await world.files.read(join(folder, 'HEAD')).catch(() => undefined);
  const branch = branchIn(head);
  if (branch === undefined) return undefined;
  const branches = new BranchFiles(folder, world.files);
  const finding = mendOfBranch(world, known, { branch, branches, canAsk: true });
  const steps = await finding.catch(() => []);
  // A single step is the way to a new history, which the caller names by itself.
  return steps.length > 1 ? steps.join(' && ') : undefined;
}

/** The one that HEAD follows, where its name is one that can stand in a command. */
function branchIn(head: string | undefined): string | undefined {
  const branch = /^ref: (\S+)\s*$/.exec(head ?? '')?.[1];
  return branch !== undefined && isPlainBranch(branch) ? branch : undefined;
}

/** The one that has the newest commit that is known of, or the one that we make. */
async function likelyBranch({ mark }: Known, branches: BranchFiles): Promise<string> {
  const commit = (await mark.read())?.commit;
  const names = await branches.names();
  for (const name of names)
    if (commit !== undefined && (await branches.commitOf(name)) === commit) return name;
  const [only] = names;
  return names.length === 1 && only !== undefined ? only : 'refs/heads/main';
}

interface BranchOptions {
  readonly branch: string;
  readonly branches: BranchFiles;
  /** False while git takes the folder for no repository. */
  readonly canAsk: boolean;
}

async function mendOfBranch(
  world: Needs,
  { repository: { head }, mark: marked }: Known,
  { branch, branches, canAsk }: BranchOptions,
): Promise<readonly string[]> {
  const tip = await branches.commitOf(branch);
  if (tip !== undefined && (!canAsk || (await head.isWhole(tip)))) return [];
  const mark = (await marked.read())?.commit;
  const candidates = [...(await branches.history(branch)), mark, await branches.packedCommitOf(branch)];
  const commit = await newestWhole(
    candidates.filter((each) => each !== undefined),
    { mark, ...(canAsk && { head }) },
  );
  if (commit === undefined) return canAsk ? [await newHistory(world, mark)] : [];
  const steps = [
    await byOwner(world, `rm -f ${branches.pathOf(branch)}`),
    await gitOfOwner(world, `update-ref ${branch} ${commit}`),
  ];
  if (!canAsk || mark === undefined || (await head.isIn(mark, commit))) return steps;
  // Objects are lost. Those that a cut left empty git takes for written; and the index names some that are none.
  return [
    await byOwner(world, `find ${branches.folder}/objects -type f -empty -delete`),
    ...steps,
    await gitOfOwner(world, `read-tree ${commit}`),
    'banspool accept',
  ];
}

/** What stands on disk is all there, but for how it came to be. */
async function newHistory(world: Needs, mark = 'before'): Promise<string> {
  const { state } = world.config;
  const away = await byOwner(world, `mv ${state}/.git ${state}.git-of-${mark.slice(0, 8)}`);
  return `restore a backup of ${state}/.git, or, to start a new history: ${away} && banspool accept`;
}

interface Newest {
  /** The newest commit that was enforced, as far as that is noted. */
  readonly mark: string | undefined;
  /** Where git can be asked. */
  readonly head?: StateRepository['head'];
}

/** The first of these that is whole; the mark, where the others are from before it. */
async function newestWhole(commits: readonly string[], { mark, head }: Newest): Promise<string | undefined> {
  if (head === undefined) return commits[0];
  for (const commit of new Set(commits)) {
    if (!(await head.isWhole(commit))) continue;
    const isBefore = mark !== undefined && !(await head.isIn(mark, commit)) && (await head.isWhole(mark));
    return isBefore ? mark : commit;
  }
  return undefined;
}
