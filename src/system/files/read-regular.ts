/** Reads a file that somebody else may have put there: a FIFO must not hang us, nor a device. */
import * as fs from 'node:fs';
import { open } from 'node:fs/promises';
import { BanspoolError, errnoOf } from '../error.ts';

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;

/** What is in it; throws unless it is a plain file, or a link to one. */
export async function readRegular(path: string): Promise<Buffer> {
  const handle = await open(path, O_RDONLY | O_NONBLOCK);
  try {
    requireFile(path, await handle.stat());
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** The same, but that no link is followed; undefined for what is larger than `most` bytes, or no plain file. */
export async function readPlain(path: string, most: number): Promise<Buffer | undefined> {
  const handle = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch((error: unknown) => {
    if (errnoOf(error) === 'ELOOP' || errnoOf(error) === 'ENXIO') return undefined;
    throw error;
  });
  try {
    const stat = await handle?.stat();
    return stat?.isFile() === true && stat.size <= most ? await handle?.readFile() : undefined;
  } finally {
    await handle?.close();
  }
}

/** The same as {@link readRegular}, at once. */
export function readRegularSync(path: string): Buffer {
  const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK);
  try {
    requireFile(path, fs.fstatSync(fd));
    return fs.readFileSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function requireFile(path: string, stat: fs.Stats): void {
  if (!stat.isFile()) throw new BanspoolError('io', `${path} is not a plain file`);
}
