/** What this process may do with a folder. */
import * as fs from 'node:fs';

export function access(path: string): 'missing' | 'writable' | 'forbidden' {
  if (fs.statSync(path, { throwIfNoEntry: false }) === undefined) return 'missing';
  try {
    fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    return 'writable';
  } catch {
    return 'forbidden';
  }
}
