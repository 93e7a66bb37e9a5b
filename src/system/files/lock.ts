/**
 * One holder of the state at a time. proper-lockfile makes the lock and keeps it fresh, but finds a dead holder
 * only by the lock's age. So the lock is a symbolic link that names its holder, and a lock whose process is gone is
 * broken at once, by one at a time; and since a lock is advisory, a holder can look whether it is still its own.
 */
import * as fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { BanspoolError, errnoOf, messageOf } from '../error.ts';
import {
  breakDeadLock,
  leaveBehind,
  newHolding,
  orUndefined,
  readHolder,
  readHolding,
  readLast,
  STALE_MS,
} from './lock-holder.ts';

export interface Lock {
  /** Names this holding; undefined where the lock could not be made. */
  readonly holding: string | undefined;
  /** Names the holding before this one, whoever's that was; undefined where it is not known. */
  readonly before: string | undefined;
  /** Throws when the lock was lost, or could not be made at all: what follows must not be written. */
  readonly check: () => void;
  readonly release: () => Promise<void>;
}

/**
 * Takes the lock of `folder` once more for a moment, as the holding that was the last, and gives what lets go of it;
 * undefined where somebody holds it, or another holding was the last. A ban waits for it, so it is two calls of the
 * system; nothing keeps it fresh, so it is for less than {@link STALE_MS}.
 */
export type RetakeLock = (folder: string, holding: string) => (() => void) | undefined;

/** Takes the lock of `folder`, waiting at most `waitMs` for it. */
export type TakeLock = (folder: string, waitMs: number) => Promise<Lock>;

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
      throw new BanspoolError('io', `cannot remove the stale lock ${path}: ${messageOf(error)}`, {
        cause: error,
      });
    }
    if (performance.now() >= until) throw lockedError(path);
    await delay(RETRY_MS);
  }
};

/**
 * The library's way to the disk. It makes a folder, which can tell of its holder only by a file that is written after
 * it, and a process killed between the two would leave a lock that only time breaks. A link is made with what it
 * says, which here leads nowhere. It removes no lock but this holding's own.
 */
function linkFs(holding: string): object {
  const remove = (lock: string): void => {
    if (readHolding(lock) === holding) fs.unlinkSync(lock);
  };
  return {
    mkdir: atOnce((lock: string) => {
      fs.symlinkSync(holding, lock);
    }),
    rmdir: atOnce(remove),
    rmdirSync: remove,
    stat: atOnce((lock: string) => fs.lstatSync(lock)),
    utimes: atOnce((lock: string, accessed: Date, modified: Date) => {
      fs.lutimesSync(lock, accessed, modified);
    }),
  };
}

/** A call that tells a callback. Node's threads would take a ban many times as long as the call itself does. */
function atOnce<Words extends readonly unknown[], Result>(
  call: (...words: Words) => Result,
): (...words: [...Words, done: (error: unknown, result?: Result) => void]) => void {
  return (...words) => {
    const done = words.at(-1) as (error: unknown, result?: Result) => void;
    let result: Result;
    try {
      result = call(...(words.slice(0, -1) as unknown as Words));
    } catch (error) {
      done(error);
      return;
    }
    done(null, result);
  };
}

export const retakeLock: RetakeLock = (folder, holding) => {
  const path = `${folder}.lock`;
  const isTaken = orUndefined(() => {
    fs.symlinkSync(holding, path);
    return true;
  });
  if (isTaken === undefined) return undefined;
  const release = (): void => {
    try {
      if (readHolding(path) === holding) fs.unlinkSync(path);
    } catch {
      leaveBehind(holding);
    }
  };
  if (readLast(path) === holding) return release;
  release();
  return undefined;
};

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
        leaveBehind(holding);
        // What was done under the lock is done all the same.
        if (!NO_ROOM.has(errnoOf(error) ?? ''))
          throw new BanspoolError('io', `cannot release the lock ${path}: ${messageOf(error)}`, {
            cause: error,
          });
      }
    },
  };
}

/**
 * Notes who held the lock last, and returns who did before. A holder that was killed before this did nothing else
 * either; where it cannot be written, the next one finds nobody, and takes that for somebody else. It is written in
 * place: ext4 lets whoever empties a file wait for the disk, 1 to 30 ms, and each ban waits for the lock.
 */
function exchangeLast(path: string, holding: string): string | undefined {
  const last = `${path}.last`;
  let before: string | undefined;
  try {
    const fd = fs.openSync(last, LAST_FLAGS, 0o666);
    try {
      if (!fs.fstatSync(fd).isFile()) throw new Error(`${last} is not a plain file`);
      const text = fs.readFileSync(fd, 'utf8');
      if (text !== '') before = text;
      fs.writeSync(fd, holding, 0);
      if (text.length > holding.length) fs.ftruncateSync(fd, holding.length);
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
  fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

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
      throw new BanspoolError('io', `cannot create the lock ${path}: ${code}`);
    },
    release: () => Promise.resolve(),
  };
}

function lockedError(path: string): BanspoolError {
  const holder = readHolder(path);
  const who = holder === undefined ? 'another process' : `process ${holder.pid}`;
  return new BanspoolError('locked', `${path} is held by ${who}`, {
    hint: `wait for it to end; a lock without a process is removed automatically within ${STALE_MS / 1000} s`,
  });
}
