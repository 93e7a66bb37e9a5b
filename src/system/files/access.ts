/** What this process may do with a folder, or a file. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { errnoOf } from '../error.ts';
import { programEnv } from '../processes/run.ts';
import { realIdentity } from '../user.ts';

export type Access = 'allowed' | 'missing' | 'read-only' | 'forbidden';

/**
 * `read`: list a folder and open what is in it; `write`: make and remove files too; `open`: read a file; `enter`: go
 * on below it.
 */
type Use = 'read' | 'write' | 'open' | 'enter';

const RIGHTS: Readonly<Record<Use, string>> = { read: 'rx', write: 'rwx', open: 'r', enter: 'x' };

export function access(path: string, use: Use): Access {
  try {
    fs.accessSync(path, modeOf(RIGHTS[use]));
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' ? 'missing' : code === 'EROFS' ? 'read-only' : 'forbidden';
  }
  return realIdentity() === undefined || isAllowedHere(path, RIGHTS[use]) ? 'allowed' : 'forbidden';
}

function modeOf(rights: string): number {
  const { R_OK, W_OK, X_OK } = fs.constants;
  const modes: Readonly<Record<string, number>> = { r: R_OK, w: W_OK, x: X_OK };
  return Array.from(rights).reduce((sum, right) => sum | (modes[right] ?? 0), 0);
}

/**
 * access(2) asks for the real ids, which are root's where this process acts as another; test(1) for those that count.
 */
function isAllowedHere(path: string, rights: string): boolean {
  const words = Array.from(rights, (right, index) => [
    ...(index > 0 ? ['-a'] : []),
    `-${right}`,
    path,
  ]).flat();
  const { status, error } = spawnSync('test', words, { env: programEnv(), stdio: 'ignore' });
  return error !== undefined || status === 0;
}
