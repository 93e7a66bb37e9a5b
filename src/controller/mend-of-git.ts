/** What a person does about a repository that git cannot read. */
import { join } from 'node:path';
import { gitOfOwner } from './git-of-owner.ts';
import type { World } from './world.ts';

/** A command for a shell. */
export async function mendOfGit(world: World): Promise<string> {
  const path = join(world.config.state, '.git/HEAD');
  const head = await world.files.read(path).catch(() => undefined);
  // Without it git takes the folder for no repository at all, and says nothing of the reason.
  if ((head ?? '').trim() === '') {
    const isReftable = world.files.modified(join(world.config.state, '.git/reftable')) !== undefined;
    return `echo "ref: refs/heads/${isReftable ? '.invalid' : 'main'}" > ${path}`;
  }
  return gitOfOwner(world, 'fsck');
}
