/** Where what comes with the program stands: package.json, state/ and action.d/, in a clone as in a package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The program runs from modules in dist/src, or as the one file that is made of them, so the way up is looked for. */
export const HOME = findHome(import.meta.dirname);

function findHome(folder: string): string {
  return existsSync(join(folder, 'package.json')) || folder === '/' ? folder : findHome(dirname(folder));
}
