/** Reads a file that is nobody else's business, such as a password. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { BanspoolError, errnoOf } from '../error.ts';

export type ReadSecret = (path: string) => Promise<string | undefined>;

/** What others may do with a file. */
const OTHERS = constants.S_IRWXO;

/** A password, or a key. */
const MOST_BYTES = 64 * 1024;

/** Undefined where there is no such file; throws where others may read it. */
export const readSecret: ReadSecret = async (path) => {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.size > MOST_BYTES)
        throw new BanspoolError('io', `${path} is not a plain file of at most 64 KiB`);
      if ((stat.mode & OTHERS) !== 0)
        throw new BanspoolError('io', `${path} is open to other users; fix: chmod 600 ${path}`);
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};
