/**
 * One holder of the state at a time. proper-lockfile makes the lock and keeps it fresh, but finds a dead holder
 * only by the lock's age. So the holder's name is kept beside the lock, and a lock whose process is gone is
 * broken at once; and since the library is advisory, a holder can look whether the lock is still its own.
 */
import * as fs from 'node:fs';
import { mkdir, readFile, rmdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import lockfile from 'proper-lockfile';
import { BanspoolError, errnoOf } from './error.ts';

export interface Lock {
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
  let release: () => Promise<void>;
  for (;;) {
    try {
      release = await lockfile.lock(folder, {
        realpath: false,
        lockfilePath: path,
        stale: STALE_MS,
        update: UPDATE_MS,
        onCompromised: (error) => {
          compromised.error = error;
        },
      });
      break;
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (NO_ROOM.has(code)) return unmadeLock(path, code);
      if (code !== 'ELOCKED') {
        throw new BanspoolError('io', `cannot lock ${folder}: ${errnoOf(error) ?? String(error)}`, {
          cause: error,
        });
      }
      if (await breakDeadLock(path)) continue;
      if (performance.now() >= until) throw await lockedError(path);
      await delay(RETRY_MS);
    }
  }
  const identity = identityOf(path);
  writeOwner(path, identity);

  const isOurs = (): boolean => compromised.error === undefined && identityOf(path) === identity;
  return {
    check: () => {
      if (!isOurs()) throw new BanspoolError('lock-lost', `the lock ${path} was lost to another process`);
    },
    release: async () => {
      // Releasing a lock that is another's by now would take it from its holder.
      if (isOurs()) await release();
    },
  };
};

/**
 * On a full or read-only disk nobody can make the lock, so nobody holds it. The firewall can be kept all the same: a
 * pass that may not write reads, enforces, and leaves the rest to the next one.
 */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EROFS']);

function unmadeLock(path: string, code: string): Lock {
  return {
    check: () => {
      throw new BanspoolError('io', `the lock ${path} cannot be made: ${code}`);
    },
    release: () => Promise.resolve(),
  };
}

/** Who a process is: a pid alone may have gone to another since. */
interface Owner {
  readonly pid: number;
  readonly started: string;
  /** Boot and pid namespace; a pid means nothing outside of them. */
  readonly place: string;
}

/** Without it a dead holder is found by the age of the lock, a minute later: no reason to fail. */
function writeOwner(path: string, identity: string | undefined): void {
  const owner = { pid: process.pid, started: startOf(process.pid) ?? '', place: PLACE, identity };
  try {
    fs.writeFileSync(ownerPath(path), JSON.stringify(owner));
  } catch {
    fs.rmSync(ownerPath(path), { force: true });
  }
}

const PLACE = findPlace();

function findPlace(): string {
  try {
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fs.readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return 'unknown';
  }
}

/** Start time in clock ticks since boot: field 22 of proc_pid_stat(5); undefined when there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
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

async function readOwner(path: string): Promise<(Owner & { identity?: string }) | undefined> {
  try {
    return JSON.parse(await readFile(ownerPath(path), 'utf8')) as Owner & { identity?: string };
  } catch {
    return undefined;
  }
}

/**
 * Removes the lock of a process that is gone; true when it did. A second lock makes sure that nobody removes what
 * somebody else has just taken anew: only its holder removes dead locks, and a dead one is released by no one.
 */
async function breakDeadLock(path: string): Promise<boolean> {
  if (!(await isDead(path))) return false;
  const guard = `${path}.break`;
  try {
    await mkdir(guard);
  } catch {
    const stat = fs.statSync(guard, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > STALE_MS) await rmdir(guard).catch(() => undefined);
    return false;
  }
  try {
    if (!(await isDead(path))) return false;
    await rmdir(path);
    return true;
  } catch (error) {
    // A disk that turned read-only keeps dead locks too; so nothing can be written that it would guard.
    if (errnoOf(error) === 'EROFS') return false;
    throw error;
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function isDead(path: string): Promise<boolean> {
  const owner = await readOwner(path);
  if (owner === undefined || owner.identity !== identityOf(path) || owner.place !== PLACE) return false;
  return startOf(owner.pid) !== owner.started;
}

async function lockedError(path: string): Promise<BanspoolError> {
  const owner = await readOwner(path);
  const who = owner === undefined ? 'another process' : `process ${owner.pid}`;
  return new BanspoolError('locked', `${path} is held by ${who}`, {
    hint: `wait for it to end; a lock whose process is gone is broken by itself within ${STALE_MS / 1000} s`,
  });
}
