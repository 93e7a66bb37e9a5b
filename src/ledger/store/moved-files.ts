/**
 * Files whose claims were moved to where they belong, and which are gone from the folder, while git has them still.
 * Their names stand on the disk before the first of them goes: a file that is missing and not among them was lost.
 */
import { join } from 'node:path';
import type { Files } from '../../system/files/files.ts';

/** Beside what it is about; git does not see what is so named. */
const NOTE = 'claims/.moved.tmp';

/** Notes these, with those that were noted before. */
export async function noteMoved(folder: string, files: Files, paths: readonly string[]): Promise<void> {
  const noted = new Set([...(await readMoved(folder, files)), ...paths]);
  await files.write(join(folder, NOTE), Array.from(noted, (path) => `${path}\n`).join(''));
  await files.syncFolder(join(folder, 'claims'));
}

/** Paths in the state's folder. */
export async function readMoved(folder: string, files: Files): Promise<ReadonlySet<string>> {
  const text = (await files.read(join(folder, NOTE))) ?? '';
  return new Set(text.split('\n').filter((line) => line !== ''));
}

/** To be called when git knows that they went. */
export async function forgetMoved(folder: string, files: Files): Promise<void> {
  await files.remove(join(folder, NOTE));
}
