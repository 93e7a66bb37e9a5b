/** What this process may do with a folder, or a file. */
import * as fs from 'node:fs';
import { errnoOf } from './error.ts';

export type Access = 'allowed' | 'missing' | 'read-only' | 'forbidden';

/** `read`: list a folder and open what is in it; `write`: make and remove files too; `open`: read a file. */
export function access(path: string, use: 'read' | 'write' | 'open'): Access {
  const { R_OK, W_OK, X_OK } = fs.constants;
  try {
    fs.accessSync(path, R_OK | (use === 'open' ? 0 : X_OK) | (use === 'write' ? W_OK : 0));
    return 'allowed';
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' ? 'missing' : code === 'EROFS' ? 'read-only' : 'forbidden';
  }
}
