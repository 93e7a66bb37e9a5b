/** What this process may do with a folder. */
import * as fs from 'node:fs';
import { errnoOf } from './error.ts';

export function access(path: string): 'missing' | 'writable' | 'read-only' | 'forbidden' {
  try {
    fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    return 'writable';
  } catch (error) {
    const code = errnoOf(error);
    return code === 'ENOENT' ? 'missing' : code === 'EROFS' ? 'read-only' : 'forbidden';
  }
}
