/** Who holds a lock, which is a symbolic link that says so; and the end of one whose holder is gone. */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { errnoOf } from '../error.ts';
import { hasEnded, ownIdentity, type ProcessIdentity } from '../processes/process-identity.ts';

/** Far above the longest time that one pass blocks the event loop, and with it the lock's refreshing. */
export const STALE_MS = 60_000;

/** Holdings of this process that are over, and whose locks could not be removed: it lives, and they are dead. */
const leftBehind = new Set<string>();

/** Notes that this holding is over and its lock stays. */
export function leaveBehind(holding: string): void {
  leftBehind.add(holding);
}

/** Its holder, and a word of its own: no holding has the name of another. */
export function newHolding(): string {
  return JSON.stringify({ ...ownIdentity(), holding: randomUUID() });
}

/** Which holding a lock names; undefined where there is none. */
export function readHolding(path: string): string | undefined {
  return orUndefined(() => fs.readlinkSync(path));
}

/** Undefined where there is no lock, or one that is none of ours. */
export function readHolder(path: string): ProcessIdentity | undefined {
  return orUndefined(() => JSON.parse(readHolding(path) ?? '') as ProcessIdentity);
}

/** Which holding was the last, whoever's it was; undefined where nobody could note it. */
export function readLast(path: string): string | undefined {
  return orUndefined(() => {
    // Through no link, and without waiting for the other end of a FIFO.
    const fd = fs.openSync(`${path}.last`, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      return fs.readFileSync(fd, 'utf8');
    } finally {
      fs.closeSync(fd);
    }
  });
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Undefined where it throws. */
export function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** How long breaking takes at the most, unless the process that does it was killed: it is a few system calls. */
const BREAK_MS = 10_000;

/**
 * Removes the lock of a process that is gone or hangs; true when it did. A second lock makes sure that nobody removes
 * what somebody else has just taken anew: only its holder removes dead locks, and a dead one is released by no one.
 * All in one breath, so that hardly ever a process is killed in the middle.
 */
export function breakDeadLock(path: string): boolean {
  if (!isDead(path)) return false;
  const guard = `${path}.break`;
  try {
    fs.mkdirSync(guard);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    const made = fs.statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - made > BREAK_MS) fs.rmdirSync(guard);
    return false;
  }
  try {
    if (!isDead(path)) return false;
    remove(path);
    return true;
  } finally {
    fs.rmdirSync(guard);
  }
}

/** Whatever stands there: another program may have made a folder, as the library does by itself. */
function remove(path: string): void {
  if (fs.lstatSync(path).isDirectory()) fs.rmdirSync(path);
  else fs.unlinkSync(path);
}

/** The state is on a disk of this machine, so that what locked it before a boot is gone. */
function isDead(path: string): boolean {
  const holder = readHolder(path);
  if (isStale(path) || leftBehind.has(readHolding(path) ?? '')) return true;
  return holder !== undefined && hasEnded(holder);
}

/** A holder that lives makes it young again. */
function isStale(path: string): boolean {
  const made = fs.lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return Date.now() - made > STALE_MS;
}
