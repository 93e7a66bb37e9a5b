/** The one file that must be written even when the disk is full: it says that the disk is full. */
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { readRegularSync } from './read-regular.ts';

/** It names addresses and servers. The metrics beside it, which name no address, are for everybody. */
const MODE = 0o640;

/** White space to here: an old file is long enough to be written over in place when there is no room for a new one. */
const PADDED_BYTES = 64 * 1024;

/** Replaces the file whole; where there is no room for a second one, writes over it. Throws when neither can be. */
export function writeStatusFile(path: string, text: string): void {
  const padded = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / PADDED_BYTES) * PADDED_BYTES, '\n');
  padded.write(text);
  const temporary = `${path}.tmp`;
  try {
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.rmSync(temporary, { force: true });
    fs.writeFileSync(temporary, padded, { mode: MODE, flag: 'wx' });
    fs.renameSync(temporary, path);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    if (fs.statSync(path, { throwIfNoEntry: false }) === undefined) throw error;
    const fd = fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK);
    try {
      fs.writeSync(fd, padded, 0, padded.length, 0);
    } finally {
      fs.closeSync(fd);
    }
  }
}

/** The text of the last one, or undefined. */
export function readStatusFile(path: string): string | undefined {
  try {
    return readRegularSync(path).toString('utf8');
  } catch {
    return undefined;
  }
}
