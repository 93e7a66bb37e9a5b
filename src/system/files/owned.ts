/**
 * Folders and files whose owner and mode matter: sshd trusts no others. An account that was there before may own the
 * folder that they are to stand in, so nothing of its making is followed, written to, or given a mode.
 */
import * as fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoOf } from '../error.ts';
import { callerIdentity } from '../user.ts';
import { inFolder, refusal, rootsLink } from './trusted-folder.ts';

export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  /** The permission bits, with setgid where it is wanted. */
  readonly mode: number;
}

export interface Owned {
  /** Undefined when there is nothing; a link counts as what it leads to. */
  readonly look: (path: string) => Ownership | undefined;
  /** Makes the folder where it is missing, and its owner and mode as given. */
  readonly makeFolder: (path: string, ownership: Ownership) => void;
  /** Removes a folder if nothing is in it; false when something is. */
  readonly removeEmptyFolder: (path: string) => boolean;
  /** Undefined when there is no such file. */
  readonly read: (path: string) => string | undefined;
  /** Puts a new file in the place of the old one, durably. */
  readonly write: (path: string, text: string, ownership: Ownership) => void;
  readonly remove: (path: string) => void;
}

/** All is root's, or the caller's own; each throws with the path of what another account could have put in the way. */
export const owned: Owned = {
  look: (path) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : { uid: stat.uid, gid: stat.gid, mode: stat.mode & PERMISSIONS };
  },
  makeFolder,
  removeEmptyFolder: (path) =>
    unlessMissing(true, () =>
      inParent(path, (at) => {
        if (!isThere(at)) return true;
        if (fs.readdirSync(at).length > 0) return false;
        fs.rmdirSync(at);
        return true;
      }),
    ),
  read: (path) => unlessMissing(undefined, () => inFolder(dirname(path), 'any', (base) => read(path, base))),
  write: (path, text, ownership) => {
    inParent(path, (at, base) => {
      write(path, { at, base, text, ownership });
    });
  },
  remove: (path) => {
    unlessMissing(undefined, () => {
      inParent(path, (at) => {
        fs.rmSync(at, { force: true });
      });
    });
  },
};

const PERMISSIONS = 0o7777;

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY } = fs.constants;

function makeFolder(path: string, ownership: Ownership): void {
  const parent = dirname(resolve(path));
  if (!isThere(parent)) makeFolder(parent, { ...callerIdentity(), mode: 0o755 });
  const target = inParent(path, (at) => rootsLink(at));
  if (target !== undefined) {
    makeFolder(resolve(parent, target), ownership);
    return;
  }
  inParent(path, (at) => {
    if (!isThere(at)) fs.mkdirSync(at, 0o700);
    const fd = openUnfollowed(path, at, O_RDONLY | O_DIRECTORY);
    try {
      give(fd, ownership);
    } finally {
      fs.closeSync(fd);
    }
  });
}

/** Calls `act` with a path of the thing, and of the folder that it stands in, which root alone may change. */
function inParent<T>(path: string, act: (at: string, base: string) => T): T {
  return inFolder(dirname(resolve(path)), 'roots', (base) => act(join(base, basename(path)), base));
}

function read(path: string, base: string): string {
  const fd = openUnfollowed(path, join(base, basename(path)), O_RDONLY);
  try {
    requirePlain(path, fs.fstatSync(fd));
    return fs.readFileSync(fd, 'utf8');
  } finally {
    fs.closeSync(fd);
  }
}

interface Writing {
  readonly at: string;
  readonly base: string;
  readonly text: string;
  readonly ownership: Ownership;
}

/** By a name that nobody else has, so that what stands there is never opened. */
function write(path: string, { at, base, text, ownership }: Writing): void {
  const temporary = join(base, `.${basename(path)}.tmp`);
  for (const [each, name] of [
    [path, at],
    [join(dirname(path), `.${basename(path)}.tmp`), temporary],
  ] as const) {
    const stat = fs.lstatSync(name, { throwIfNoEntry: false });
    if (stat !== undefined) requirePlain(each, stat);
  }
  // What a killed one left.
  fs.rmSync(temporary, { force: true });
  const fd = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    fs.writeFileSync(fd, text);
    give(fd, ownership);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  fs.renameSync(temporary, at);
}

/** The mode last: chown takes setgid away. */
function give(fd: number, { uid, gid, mode }: Ownership): void {
  fs.fchownSync(fd, uid, gid);
  fs.fchmodSync(fd, mode);
}

/** A FIFO would wait for its other end. */
function openUnfollowed(path: string, at: string, flags: number): number {
  try {
    return fs.openSync(at, flags | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENXIO') throw refusal(path, oddness(at));
    throw error;
  }
}

function oddness(at: string): string {
  return fs.lstatSync(at).isSymbolicLink() ? 'is a symbolic link' : 'is not a plain file';
}

/** Another name of the file may stand where it is not to be read. */
function requirePlain(path: string, stat: fs.Stats): void {
  if (stat.isSymbolicLink()) throw refusal(path, 'is a symbolic link');
  if (!stat.isFile()) throw refusal(path, 'is not a plain file');
  if (stat.nlink > 1) throw refusal(path, `has ${stat.nlink} names (hard links)`);
}

function isThere(path: string): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function unlessMissing<T>(missing: T, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return missing;
    throw error;
  }
}
