/**
 * One holder of the state at a time. proper-lockfile makes the lock and keeps it fresh, but finds a dead holder
 * only by the lock's age. So the holder's name is kept beside the lock, and a lock whose process is gone is
 * broken at once; and since the library is advisory, a holder can look whether the lock is still its own.
 */
import * as fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { BanspoolError, errnoOf, messageOf } from './error.ts';

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
  const compromised: { error?: Error } = {};
  for (;;) {
    try {
      const release = await lockfile.lock(folder, {
        realpath: false,
        lockfilePath: path,
        stale: STALE_MS,
        update: UPDATE_MS,
        fs: OWNING_FS,
        onCompromised: (error) => {
          compromised.error = error;
        },
      });
      return heldLock(path, { release, compromised });
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
 * The library's way to the disk, with the one difference that a lock gets its owner's name in the same breath: a process
 * killed between the two would leave a lock that only time breaks. One for all locks: the library finds out once for
 * each how exact the disk's times are.
 */
const OWNING_FS = {
  ...fs,
  mkdir: (lock: string, done: (error: Error | null) => void): void => {
    try {
      fs.mkdirSync(lock);
      writeOwner(lock);
      done(null);
    } catch (error) {
      done(error as Error);
    }
  },
};

interface Held {
  readonly release: () => Promise<void>;
  readonly compromised: { readonly error?: Error };
}

function heldLock(path: string, { release, compromised }: Held): Lock {
  const identity = identityOf(path);
  const owner = readOwner(path);
  const isOurs = (): boolean => compromised.error === undefined && identityOf(path) === identity;
  return {
    holding: identity,
    before: owner?.identity === identity ? owner?.before : undefined,
    check: () => {
      if (!isOurs()) throw new BanspoolError('lock-lost', `the lock ${path} was lost to another process`);
    },
    release: async () => {
      // Releasing a lock that is another's by now would take it from its holder.
      if (isOurs()) await release();
    },
  };
}

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

/** Who a process is: a pid alone may have gone to another since, and means nothing outside of its namespace. */
interface Owner {
  readonly pid: number;
  readonly started: string;
  readonly boot: string;
  readonly namespace: string;
  /** Which lock is meant, and which one this was made after. */
  readonly identity?: string;
  readonly before?: string;
}

/** Without it a dead holder is found by the age of the lock, a minute later: no reason to fail. */
function writeOwner(path: string): void {
  const before = readOwner(path)?.identity;
  const identity = identityOf(path);
  const owner: Owner = {
    pid: process.pid,
    started: readProcess(process.pid)?.started ?? '',
    boot: BOOT,
    namespace: NAMESPACE,
    ...(identity !== undefined && { identity }),
    ...(before !== undefined && { before }),
  };
  try {
    fs.writeFileSync(ownerPath(path), JSON.stringify(owner));
  } catch {
    fs.rmSync(ownerPath(path), { force: true });
  }
}

const BOOT = orUnknown(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
const NAMESPACE = orUnknown(() => fs.readlinkSync('/proc/self/ns/pid'));

function orUnknown(read: () => string): string {
  try {
    return read();
  } catch {
    return 'unknown';
  }
}

interface Process {
  /** In clock ticks since boot. */
  readonly started: string;
  /** True when it has ended, and only its parent has not asked how. */
  readonly hasEnded: boolean;
}

/** By fields 3 and 22 of proc_pid_stat(5); undefined when no such process is to be seen. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { started: fields[19] ?? '', hasEnded: /^[ZX]/.test(fields[0] ?? '') };
  } catch {
    return undefined;
  }
}

const ownerPath = (path: string): string => `${path}.owner`;

function identityOf(path: string): string | undefined {
  const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
  // ext4 gives the inode of a removed folder to the next one, hence the time of birth.
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(fs.readFileSync(ownerPath(path), 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** How long breaking takes at the most, unless the process that does it was killed: it is a few system calls. */
const BREAK_MS = 10_000;

/**
 * Removes the lock of a process that is gone; true when it did. A second lock makes sure that nobody removes what
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
    fs.rmdirSync(path);
    return true;
  } finally {
    fs.rmdirSync(guard);
  }
}

/** The state is on a disk of this machine, so that what locked it before a boot is gone. */
function isDead(path: string): boolean {
  const owner = readOwner(path);
  if (owner === undefined || owner.identity !== identityOf(path)) return isForsaken(path);
  if (owner.boot !== BOOT) return true;
  if (owner.namespace !== NAMESPACE) return false;
  const found = readProcess(owner.pid);
  return found === undefined ? isGone(owner.pid) : found.hasEnded || found.started !== owner.started;
}

/**
 * How old a lock without its owner's name may be: whoever was killed in the millisecond between making the one and
 * writing the other left it, unless the disk was full. A living holder makes it young again every 5 s, and looks
 * whether it is still his before he writes.
 */
const UNNAMED_MS = 3 * UPDATE_MS;

function isForsaken(path: string): boolean {
  const made = fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
  return Date.now() - made > UNNAMED_MS;
}

/** The unit has ProtectProc=invisible: of another user's process, such as root's, /proc shows nothing. */
function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}

function lockedError(path: string): BanspoolError {
  const owner = readOwner(path);
  const isOwner = owner?.identity === identityOf(path);
  const who = owner === undefined || !isOwner ? 'another process' : `process ${owner.pid}`;
  return new BanspoolError('locked', `${path} is held by ${who}`, {
    hint: `wait for it to end; a lock whose process is gone is broken by itself within ${STALE_MS / 1000} s`,
  });
}
