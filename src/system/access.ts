/** What this process may do with a folder. */
import * as fs from 'node:fs';
import { errnoOf } from './error.ts';

export type Access = 'allowed' | 'missing' | 'read-only' | 'forbidden';

/** `read`: list it and open what is in it; `write`: make and remove files too. */
export function access(path: string, use: 'read' | 'write'): Access {
  const { R_OK, W_OK, X_OK } = fs.constants;
  try {
    fs.accessSync(path, R_OK | X_OK | (use === 'write' ? W_OK : 0));
    return 'allowed';
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' ? 'missing' : code === 'EROFS' ? 'read-only' : 'forbidden';
  }
}
