/** Whether somebody who lives may hold a lock file of git's, which tells of its holder nothing but his user. */
import * as fs from 'node:fs';
import { uptime } from 'node:os';
import { basename } from 'node:path';
import { errnoOf } from '../error.ts';
import { knowsProcessIds } from '../firewall/own-writes.ts';

/** True when a living process may hold the lock file at `lock`, in the repository whose folder is `folder`. */
export type MayBeHeld = (lock: string, folder: string) => boolean;

/** The clock may have been set since the boot, by as much as a bad battery makes of a winter. */
const CLOCK_SLACK_MS = 3600_000;

/**
 * A git has the lock open while it writes, and closes it long before it lets it go: `git commit -a` keeps it closed
 * while a person types the message. So whoever has it open holds it, and so may any git at work in this repository.
 */
export const mayBeHeld: MayBeHeld = (lock, folder) => {
  const stat = fs.lstatSync(lock, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  const uid = process.geteuid?.();
  // Of others' processes /proc shows nothing here, as to a container of those outside: only what they left before the
  // boot is known to be nobody's.
  if ((uid !== 0 && uid !== stat.uid) || !knowsProcessIds())
    return stat.mtimeMs > Date.now() - uptime() * 1000 - CLOCK_SLACK_MS;
  const place: Place = { lock, dev: stat.dev, ino: stat.ino, uid: stat.uid, folder: realPath(folder) };
  return fs.readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && holds(pid, place));
};

interface Place {
  readonly lock: string;
  readonly dev: number;
  readonly ino: number;
  readonly uid: number;
  readonly folder: string;
}

function holds(pid: string, place: Place): boolean {
  const status = read(`/proc/${pid}/status`);
  // Whoever made the file was its owner then.
  if (!new RegExp(`^Uid:.*\\t${place.uid}\\b`, 'm').test(status)) return false;
  if (/^State:\s+[ZX]/m.test(status)) return false;
  return hasOpen(pid, place) || (/^Name:\s+git/m.test(status) && worksIn(pid, place));
}

function hasOpen(pid: string, { lock, dev, ino }: Place): boolean {
  const name = basename(lock);
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const path = `/proc/${pid}/fd/${fd}`;
      if (!readLink(path).includes(name)) return false;
      const stat = fs.statSync(path, { throwIfNoEntry: false });
      return stat?.dev === dev && stat.ino === ino;
    });
  } catch {
    // It has ended, or may not be looked at: then its name decides.
    return false;
  }
}

/** By where it stands, or by what it was told; one that may not be looked at may be anywhere. */
function worksIn(pid: string, { folder }: Place): boolean {
  let cwd: string;
  try {
    cwd = fs.readlinkSync(`/proc/${pid}/cwd`);
  } catch (error) {
    // One that ends stands nowhere for a moment before it is a zombie: it has closed its files, and does nothing any
    // more.
    return errnoOf(error) !== 'ENOENT' && fs.existsSync(`/proc/${pid}`);
  }
  if (cwd === folder || cwd.startsWith(`${folder}/`)) return true;
  return [`/proc/${pid}/cmdline`, `/proc/${pid}/environ`].some((path) => read(path).includes(folder));
}

function read(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readLink(path: string): string {
  try {
    return fs.readlinkSync(path);
  } catch {
    return '';
  }
}

function realPath(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch {
    return path;
  }
}
