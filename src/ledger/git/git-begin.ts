/** How a repository begins, so that whoever is killed in the middle of it leaves one or none. */
import { dirname, join } from 'node:path';
import type { Files } from '../../system/files/files.ts';
import { gitFolderOf } from './git-folder.ts';

/** Where it is made; git does not see what is so named. */
const DRAFT = '.begin.tmp';

/** Makes an empty repository. It stands under its name only when it is whole, and synced. */
export async function makeRepository(
  folder: string,
  files: Files,
  git: (args: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const draft = join(folder, DRAFT);
  await files.removeFolder(draft);
  await git(['init', '--quiet', '--initial-branch=main', '--template=', DRAFT]);
  for (const name of ['HEAD', 'config']) {
    const path = join(draft, '.git', name);
    await files.write(path, (await files.read(path)) ?? '');
  }
  await files.syncFolder(join(draft, '.git'));
  await files.move(join(draft, '.git'), join(folder, '.git'));
  await files.removeFolder(draft);
  await files.syncFolder(folder);
}

/** Stands for whatever is there. */
const UNREADABLE = '?';

/** Where anything of a history would stand. */
const HISTORY = ['objects', 'objects/info', 'objects/pack', 'refs/heads', 'reftable', 'logs'];

/**
 * Removes a repository that git takes for none, where nothing is in it: a `git init` that was cut in the middle. One
 * that holds a single object stays, for a person to mend.
 */
export async function clearCutInit(folder: string, files: Files): Promise<void> {
  const git = join(folder, '.git');
  // A file that names a repository elsewhere is a person's doing.
  const isFolder = await files.names(git).then(
    () => true,
    () => false,
  );
  if (!isFolder) return;
  const head = (await files.read(join(git, 'HEAD')).catch(() => undefined)) ?? '';
  const parts = ['objects', 'refs'].map((part) => files.modified(join(git, part)));
  if (/^(ref: \S+|[0-9a-f]{40,64})\s*$/.test(head) && !parts.includes(undefined)) return;
  for (const part of HISTORY) {
    const names = await files.names(join(git, part)).catch(() => [UNREADABLE]);
    if (names.some((name) => part !== 'objects' || !['info', 'pack'].includes(name))) return;
  }
  await files.removeFolder(git);
}

/** Of a write that was cut off, and of the editors vim, emacs and nano. */
const LEAVINGS = ['.*.tmp', '.*.sw?', '4913', '*~', '.#*', '\\#*#'];

/** Has git pass over what lies beside the state for a while; lines that a person wrote there stay. */
export async function ignoreLeavings(folder: string, files: Files): Promise<void> {
  const path = join(await gitFolderOf(folder, files), 'info/exclude');
  const text = (await files.read(path)) ?? '';
  const lines = text.split('\n');
  const missing = LEAVINGS.filter((pattern) => !lines.includes(pattern));
  if (missing.length === 0) return;
  await files.makeFolder(dirname(path));
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  await files.write(path, `${text}${end}${missing.join('\n')}\n`);
}
