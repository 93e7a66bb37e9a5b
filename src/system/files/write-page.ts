/**
 * Writes a page that others read while it is written anew: they see the old one or the new one, never half of one. It
 * is not synced: after a crash of the machine the runtime folder is empty anyway.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** As status.json: it names addresses and servers. */
const FOLDER_MODE = 0o750;
const MODE = 0o640;

/** Replaces the file whole, and makes its folder. */
export async function writePage(path: string, parts: readonly string[]): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
    await rm(temporary, { force: true });
    await writeFile(temporary, parts, { mode: MODE, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}
