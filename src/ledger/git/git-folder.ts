/** Where the repository of a folder is, which need not be below it. */
import { join, resolve } from 'node:path';
import type { Files } from '../../system/files/files.ts';

/** The folder `.git`, or the one that a file of that name names, as `git init --separate-git-dir` makes it. */
export async function gitFolderOf(folder: string, files: Pick<Files, 'read'>): Promise<string> {
  const path = join(folder, '.git');
  // A folder is not a plain file, and what else cannot be read git tells of.
  const text = await files.read(path).catch(() => undefined);
  const named = /^gitdir: ([^\n]+)\n*$/.exec(text ?? '')?.[1];
  return named === undefined ? path : resolve(folder, named);
}
