/** Reads a file that somebody else may have put there: a FIFO must not hang us, nor a device. */
import * as fs from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
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
    if (handle === undefined || stat?.isFile() !== true || stat.size > most) return undefined;
    return await readUpTo(handle, { size: stat.size, most });
  } finally {
    await handle?.close();
  }
}

/**
 * The same piece by piece, so that a large file is never there at once, and others may work in between. A piece is good
 * until the next one is asked for. Throws for a link, and for what is no plain file.
 */
export async function* readPieces(path: string): AsyncGenerator<Buffer, undefined> {
  const handle = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW).catch((error: unknown) => {
    if (errnoOf(error) === 'ELOOP') throw new BanspoolError('io', `${path} is a link, which is not followed`);
    throw error;
  });
  try {
    requireFile(path, await handle.stat());
    const piece = Buffer.alloc(PIECE_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(piece);
      if (bytesRead === 0) return undefined;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Some thousand lines of a list, which take a few milliseconds. */
const PIECE_BYTES = 64 * 1024;

/** A file may grow while it is read. */
async function readUpTo(
  handle: FileHandle,
  { size, most }: { readonly size: number; readonly most: number },
): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  for (let total = 0; total <= most;) {
    const room = Math.min(Math.max(size + 1 - total, CHUNK_BYTES), most + 1 - total);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(room));
    if (bytesRead === 0) return Buffer.concat(parts);
    parts.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
  }
  return undefined;
}

const CHUNK_BYTES = 4096;

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
