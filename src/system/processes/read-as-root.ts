/** For root while it acts as somebody else (act-anew.ts): what only root may read, at places where only root writes. */
import { readFileSync } from 'node:fs';
import { realIdentity } from '../user.ts';
import { errnoOf } from '../error.ts';
import type { Run } from './run.ts';

/** The text of a file; as root where that is what the caller is. Throws as readFileSync does. */
export async function readAsRoot(path: string, run: Run): Promise<string> {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) !== 'EACCES' || realIdentity() === undefined) throw error;
    // Programs are root's.
    const ran = await run('cat', [path]);
    if (ran.exitCode !== 0) throw error;
    return ran.stdout;
  }
}
