/**
 * Lines in a folder of a few files that grow at their end, the oldest of which goes when there are too many. Several
 * processes may add at once: each line is there whole, in rare cases twice, and a half one only where one was killed or
 * the disk was full. Nothing is synced.
 */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from '../error.ts';

/** Of one file. A line that is longer by itself has a file of its own. */
export const SEGMENT_BYTES = 1024 * 1024;

export const MAX_SEGMENTS = 4;

/** As status.json: they name addresses and servers. */
const FOLDER_MODE = 0o750;
const MODE = 0o640;

/** When it was made, in milliseconds since 1970: so a folder that was removed and made again has other names. */
const NAME = /^\d{13,15}\.jsonl$/;

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_APPEND, O_NONBLOCK, O_NOFOLLOW } = fs.constants;

/** Oldest first; none where there is no folder. */
export function segmentsIn(folder: string): readonly string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => NAME.test(name))
      .sort((a, b) => Number.parseInt(a) - Number.parseInt(b));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Adds them at the end of the newest, or of a new one. Each has its end of line. */
export function appendLines(folder: string, lines: readonly string[], now: number): void {
  fs.mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  for (let done = 0; done < lines.length;) {
    const rest = lines.slice(done);
    const { count, isNewest } = appendSome(folder, rest, now);
    // Another process began a new one meanwhile, and readers may have left this one: better twice than never.
    if (!isNewest) appendSome(folder, rest.slice(0, count), now);
    done += count;
  }
  for (const name of segmentsIn(folder).slice(0, -MAX_SEGMENTS))
    fs.rmSync(join(folder, name), { force: true });
}

interface Appended {
  readonly count: number;
  readonly isNewest: boolean;
}

/** As many as have room in one file, by one write. */
function appendSome(folder: string, lines: readonly string[], now: number): Appended {
  const newest = segmentsIn(folder).at(-1);
  const known = newest === undefined ? undefined : openToAppend(join(folder, newest));
  if (known !== undefined) {
    const count = roomFor(lines, SEGMENT_BYTES - known.size - 1);
    if (count > 0) {
      writeAll(known.fd, `${known.isCut ? '\n' : ''}${lines.slice(0, count).join('')}`);
      return { count, isNewest: segmentsIn(folder).at(-1) === newest };
    }
    fs.closeSync(known.fd);
  }
  const name = `${String(Math.max(Math.round(now), Number.parseInt(newest ?? '0') + 1)).padStart(13, '0')}.jsonl`;
  const count = Math.max(1, roomFor(lines, SEGMENT_BYTES));
  // Not to be made anew: another process may make it in the same millisecond, and then that one grows.
  writeAll(
    fs.openSync(join(folder, name), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, MODE),
    lines.slice(0, count).join(''),
  );
  return { count, isNewest: segmentsIn(folder).at(-1) === name };
}

function roomFor(lines: readonly string[], bytes: number): number {
  let left = bytes;
  const first = lines.findIndex((line) => (left -= Buffer.byteLength(line)) < 0);
  return first === -1 ? lines.length : first;
}

interface Opened {
  readonly fd: number;
  readonly size: number;
  /** It ends in half a line. */
  readonly isCut: boolean;
}

/** Undefined where something else has its name, or it has just gone. */
function openToAppend(path: string): Opened | undefined {
  const fd = openPlain(path, O_RDWR | O_APPEND);
  if (fd === undefined) return undefined;
  const { size } = fs.fstatSync(fd);
  const last = Buffer.alloc(1, '\n');
  if (size > 0) fs.readSync(fd, last, 0, 1, size - 1);
  return { fd, size, isCut: last.toString() !== '\n' };
}

function openPlain(path: string, flags: number): number | undefined {
  try {
    const fd = fs.openSync(path, flags | O_NONBLOCK | O_NOFOLLOW);
    if (fs.fstatSync(fd).isFile()) return fd;
    fs.closeSync(fd);
    return undefined;
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENXIO', 'EISDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** A full disk may take a part: then the next try says why. */
function writeAll(fd: number, text: string): void {
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done);
  } finally {
    fs.closeSync(fd);
  }
}

export interface Part {
  readonly bytes: Buffer;
  /** Of the whole file. */
  readonly size: number;
}

/**
 * What stands there from this place on, at most so many bytes; a place below 0 counts from the end. Undefined where it
 * is gone, or no plain file.
 */
export function readPart(path: string, from: number, most: number): Part | undefined {
  const fd = openPlain(path, O_RDONLY);
  if (fd === undefined) return undefined;
  try {
    const { size } = fs.fstatSync(fd);
    const start = from < 0 ? Math.max(0, size + from) : from;
    const bytes = Buffer.alloc(Math.max(0, Math.min(most, size - start)));
    const read = fs.readSync(fd, bytes, 0, bytes.length, start);
    return { bytes: bytes.subarray(0, read), size };
  } finally {
    fs.closeSync(fd);
  }
}
