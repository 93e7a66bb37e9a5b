/**
 * One holder of the state at a time. proper-lockfile makes the lock and keeps it fresh, but finds a dead holder
 * only by the lock's age. So the lock is a symbolic link that names its holder, and a lock whose process is gone is
 * broken at once, by one at a time; and since a lock is advisory, a holder can look whether it is still its own.
 */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { BanspoolError, errnoOf, messageOf } from './error.ts';
import { hasEnded, ownIdentity, type ProcessIdentity } from './process-identity.ts';
import { readRegularSync } from './read-regular.ts';

export interface Lock {
  /** Names this holding; undefined where the lock could not be made. */
  readonly holding: string | undefined;
  /** Names the holding before this one, whoever's that was; undefined where it is not known. */
  readonly before: string | undefined;
  /** Throws when the lock was lost, or could not be made at all: what follows must not be written. */
  readonly check: () => void;
  readonly release: () => Promise<void>;
}

/** Takes the lock of `folder`, waiting at most `waitMs` for it. */
export type TakeLock = (folder: string, waitMs: number) => Promise<Lock>;

/** Far above the longest time that one pass blocks the event loop, and with it the lock's refreshing. */
const STALE_MS = 60_000;
const UPDATE_MS = 5_000;
const RETRY_MS = 20;

export const takeLock: TakeLock = async (folder, waitMs) => {
  const path = `${folder}.lock`;
  const until = performance.now() + waitMs;
  const holding = newHolding();
  const compromised: { error?: Error } = {};
  for (;;) {
    try {
      const release = await lockfile.lock(folder, {
        realpath: false,
        lockfilePath: path,
        // Of two that find a lock too old, the library lets the second remove what the first has just made.
        stale: Infinity,
        update: UPDATE_MS,
        fs: linkFs(holding),
        onCompromised: (error) => {
          compromised.error = error;
        },
      });
      return heldLock(path, { holding, release, compromised });
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (NO_ROOM.has(code)) return unmadeLock(path, code);
      if (code !== 'ELOCKED') {
        throw new BanspoolError('io', `cannot lock ${folder}: ${messageOf(error)}`, { cause: error });
      }
    }
    try {
      if (breakDeadLock(path)) continue;
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (NO_ROOM.has(code)) return unmadeLock(path, code);
      throw new BanspoolError('io', `cannot break the dead lock ${path}: ${messageOf(error)}`, {
        cause: error,
      });
    }
    if (performance.now() >= until) throw lockedError(path);
    await delay(RETRY_MS);
  }
};

/**
 * The library's way to the disk. It makes a folder, which can tell of its holder only by a file that is written after it,
 * and a process killed between the two would leave a lock that only time breaks. A link is made with what it says,
 * which here leads nowhere. It removes no lock but this holding's own.
 */
function linkFs(holding: string): object {
  const remove = (lock: string): void => {
    if (readHolding(lock) === holding) fs.unlinkSync(lock);
  };
  return {
    mkdir: (lock: string, done: fs.NoParamCallback): void => {
      fs.symlink(holding, lock, done);
    },
    rmdir: (lock: string, done: fs.NoParamCallback): void => {
      try {
        remove(lock);
        done(null);
      } catch (error) {
        done(error as Error);
      }
    },
    rmdirSync: remove,
    stat: fs.lstat,
    utimes: fs.lutimes,
  };
}

interface Held {
  readonly holding: string;
  readonly release: () => Promise<void>;
  readonly compromised: { readonly error?: Error };
}

function heldLock(path: string, { holding, release, compromised }: Held): Lock {
  return {
    holding,
    before: exchangeLast(path, holding),
    check: () => {
      if (compromised.error !== undefined || readHolding(path) !== holding)
        throw new BanspoolError('lock-lost', `the lock ${path} was lost to another process`);
    },
    release: async () => {
      if (compromised.error !== undefined) return;
      try {
        await release();
      } catch (error) {
        leftBehind.add(holding);
        // What was done under the lock is done all the same.
        if (!NO_ROOM.has(errnoOf(error) ?? ''))
          throw new BanspoolError('io', `cannot release the lock ${path}: ${messageOf(error)}`, {
            cause: error,
          });
      }
    },
  };
}

/** Holdings of this process that are over, and whose locks could not be removed: it lives, and they are dead. */
const leftBehind = new Set<string>();

/**
 * Notes who held the lock last, and returns who did before. A holder that was killed before this did nothing else
 * either; where it cannot be written, the next one finds nobody, and takes that for somebody else.
 */
function exchangeLast(path: string, holding: string): string | undefined {
  const last = `${path}.last`;
  const before = orUndefined(() => readRegularSync(last).toString('utf8'));
  try {
    const fd = fs.openSync(last, LAST_FLAGS, 0o666);
    try {
      fs.writeFileSync(fd, holding);
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    orUndefined(() => {
      fs.rmSync(last);
    });
  }
  return before;
}

/** Through no link, and without waiting for the other end of a FIFO. */
const LAST_FLAGS =
  fs.constants.O_WRONLY |
  fs.constants.O_CREAT |
  fs.constants.O_TRUNC |
  fs.constants.O_NOFOLLOW |
  fs.constants.O_NONBLOCK;

/**
 * On a full or read-only disk nobody can make the lock, so nobody holds it. The firewall can be kept all the same: a
 * pass that may not write reads, enforces, and leaves the rest to the next one.
 */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

function unmadeLock(path: string, code: string): Lock {
  return {
    holding: undefined,
    before: undefined,
    check: () => {
      throw new BanspoolError('io', `the lock ${path} cannot be made: ${code}`);
    },
    release: () => Promise.resolve(),
  };
}

/** Its holder, and a word of its own: no holding has the name of another. */
function newHolding(): string {
  return JSON.stringify({ ...ownIdentity(), holding: randomUUID() });
}

function readHolding(path: string): string | undefined {
  return orUndefined(() => fs.readlinkSync(path));
}

/** Undefined where there is no lock, or one that is none of ours. */
function readHolder(path: string): ProcessIdentity | undefined {
  return orUndefined(() => JSON.parse(readHolding(path) ?? '') as ProcessIdentity);
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** How long breaking takes at the most, unless the process that does it was killed: it is a few system calls. */
const BREAK_MS = 10_000;

/**
 * Removes the lock of a process that is gone or hangs; true when it did. A second lock makes sure that nobody removes what
 * somebody else has just taken anew: only its holder removes dead locks, and a dead one is released by no one. All
 * in one breath, so that hardly ever a process is killed in the middle.
 */
function breakDeadLock(path: string): boolean {
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

function lockedError(path: string): BanspoolError {
  const holder = readHolder(path);
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
  return new BanspoolError('locked', `${path} is held by ${who}`, {
    hint: `wait for it to end; a lock whose process is gone is broken by itself within ${STALE_MS / 1000} s`,
  });
}
