/** What a person does about a repository that git cannot read. */
import { join } from 'node:path';
import { gitFolderOf } from '../state/git-folder.ts';
import { gitOfOwner, type Owned } from './git-of-owner.ts';
import type { LedgerWorld } from './ledger-world.ts';

/** A command for a shell. */
export async function mendOfGit(world: Owned & Pick<LedgerWorld, 'files'>): Promise<string> {
  const folder = await gitFolderOf(world.config.state, world.files);
  if (world.files.modified(folder) === undefined)
    return `bring ${folder} back, or mount it: ${join(world.config.state, '.git')} names it`;
  const path = join(folder, 'HEAD');
  const head = await world.files.read(path).catch(() => undefined);
  // Without it git takes the folder for no repository at all, and says nothing of the reason.
  if ((head ?? '').trim() === '') {
    const isReftable = world.files.modified(join(folder, 'reftable')) !== undefined;
    return `echo "ref: refs/heads/${isReftable ? '.invalid' : 'main'}" > ${path}`;
  }
  return gitOfOwner(world, 'fsck');
}
