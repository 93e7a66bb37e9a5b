/** The locks that a killed git leaves, and that keep every later one from working. */
import { dirname, join } from 'node:path';
import type { MayBeHeld } from '../../system/files/file-holders.ts';
import type { Files } from '../../system/files/files.ts';
import { gitFolderOf } from './git-folder.ts';

/** Removes those of the repository in `folder`, but for what somebody who lives may hold; false when there are none. */
export async function clearStaleLocks(folder: string, files: Files, mayBeHeld: MayBeHeld): Promise<boolean> {
  let cleared = false;
  for (const place of await lockFolders(folder, files)) {
    // With reftable what is a folder else is a file.
    for (const name of await files.names(place).catch(() => [])) {
      if (!name.endsWith('.lock')) continue;
      const path = join(place, name);
      const stamp = files.stamp(path);
      if (mayBeHeld(path, folder) || files.stamp(path) !== stamp) continue;
      await files.remove(path);
      cleared = true;
    }
  }
  return cleared;
}

/**
 * Where a commit locks the index, HEAD and its branch, and where a person's gc locks its reflog and the graph of
 * commits.
 */
async function lockFolders(folder: string, files: Files): Promise<readonly string[]> {
  const git = await gitFolderOf(folder, files);
  const head = (await files.read(join(git, 'HEAD'))) ?? '';
  const branches = dirname(/^ref: (refs\/\S+)$/m.exec(head)?.[1] ?? 'refs/heads/main');
  const folders = [
    ...['.', branches, 'logs', join('logs', branches)],
    ...['reftable', 'objects/info', 'objects/info/commit-graphs'],
  ];
  return folders.map((each) => join(git, each));
}
