/** Writes a file for its caller alone, where none stands: no link that somebody put there is followed. */
import { lstatSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { BanspoolError, errnoOf, messageOf } from '../error.ts';

/** Nobody else's business. */
const MODE = 0o600;

/** Throws where something stands at `path`, whatever it is. */
export function requireNone(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw new BanspoolError('usage', `${path} exists`, {
    hint: 'specify another with --out FILE, or replace it with --force',
  });
}

/** With `replace`, removes a file that stands there first. */
export async function writeNew(
  path: string,
  bytes: Uint8Array,
  { replace }: { readonly replace: boolean },
): Promise<void> {
  try {
    if (replace) await rm(path, { force: true });
    const handle = await open(path, 'wx', MODE);
    try {
      await handle.writeFile(bytes);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') requireNone(path);
    throw new BanspoolError('io', `cannot write ${path}: ${messageOf(error)}`, { cause: error });
  }
}
