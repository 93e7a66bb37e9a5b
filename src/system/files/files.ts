/** The files that banspool keeps, written so that a crash at any instant leaves the old or the new content. */
import * as fs from 'node:fs';
import { chmod, cp, open, mkdir, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errnoOf } from '../error.ts';
import { readPieces, readPlain, readRegular, readRegularSync } from './read-regular.ts';

export interface Files {
  /** Undefined when there is no such file. */
  readonly read: (path: string) => Promise<string | undefined>;
  /**
   * The same of a file that somebody else may have put there; undefined also where it is larger, or no plain file, or a
   * link.
   */
  readonly readAtMost: (path: string, bytes: number) => Promise<string | undefined>;
  /** The same of a file that is no text. */
  readonly readBytes: (path: string) => Promise<Buffer | undefined>;
  /** The same at once, for hundreds in a row: of a small one, to wait takes longer than to read. */
  readonly readBytesNow: (path: string) => Buffer | undefined;
  /** The same of a large file that somebody else may have put there (read-regular.ts); throws where there is none. */
  readonly readPieces: (path: string) => AsyncIterable<Buffer>;
  /** Temp file, fsync, rename; the folder's own fsync is {@link Files.syncFolder}. */
  readonly write: (path: string, text: string) => Promise<void>;
  /** The same of what is no text. */
  readonly writeBytes: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly remove: (path: string) => Promise<void>;
  /** With all that is in it. */
  readonly removeFolder: (path: string) => Promise<void>;
  readonly move: (from: string, to: string) => Promise<void>;
  /**
   * The same at once, for thousands in a row: each is told to who watches the folder, who then reads all of it in
   * between.
   */
  readonly removeNow: (path: string) => void;
  readonly syncFolder: (path: string) => Promise<void>;
  /** With all above it; `mode` is for what is made, and may be less by the umask. */
  readonly makeFolder: (path: string, mode?: number) => Promise<void>;
  /** One folder, and nothing above it. */
  readonly makeOneFolder: (path: string) => Promise<void>;
  /** The same as {@link Files.makeFolder}, but that others may read what is made, whatever the umask. */
  readonly makeOpenFolder: (path: string) => Promise<void>;
  /** Names in a folder, sorted; none when there is no such folder. */
  readonly names: (path: string) => Promise<readonly string[]>;
  /** Copies a folder's content, keeping whatever stands in the target already. */
  readonly copyMissing: (from: string, to: string) => Promise<void>;
  /** When it was last written, in milliseconds since 1970; undefined when there is no such file. */
  readonly modified: (path: string) => number | undefined;
  /** When it was put there, or changed last, by the clock of this machine; undefined when there is no such file. */
  readonly changed: (path: string) => number | undefined;
  /** Changes whenever the file does; undefined when there is no such file. Cheap: one system call. */
  readonly stamp: (path: string) => string | undefined;
}

export const files: Files = {
  read: (path) => unlessMissing(readRegular(path).then((bytes) => bytes.toString('utf8'))),
  readAtMost: (path, bytes) => unlessMissing(readPlain(path, bytes).then((read) => read?.toString('utf8'))),
  readBytes: (path) => unlessMissing(readRegular(path)),
  readBytesNow,
  readPieces,
  write,
  writeBytes: write,
  remove: (path) => rm(path, { force: true }),
  removeFolder: (path) => rm(path, { force: true, recursive: true }),
  move: rename,
  removeNow: (path) => {
    fs.rmSync(path, { force: true });
  },
  syncFolder: async (path) => {
    const handle = await open(path, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  makeFolder: async (path, mode = 0o777) => {
    await mkdir(path, { recursive: true, mode });
  },
  makeOneFolder: async (path) => {
    await mkdir(path).catch((error: unknown) => {
      if (errnoOf(error) !== 'EEXIST') throw error;
    });
  },
  makeOpenFolder: async (path) => {
    const first = await mkdir(path, { recursive: true });
    if (first === undefined) return;
    for (let made = resolve(path); made.length >= first.length; made = dirname(made))
      await chmod(made, 0o755);
  },
  names: async (path) => ((await unlessMissing(readdir(path))) ?? []).sort(),
  copyMissing: (from, to) => cp(from, to, { recursive: true, force: false }),
  modified: (path) => fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs,
  changed: (path) => fs.statSync(path, { throwIfNoEntry: false })?.ctimeMs,
  stamp: (path) => {
    const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.ctimeNs}:${stat.size}`;
  },
};

async function write(path: string, content: string | Uint8Array): Promise<void> {
  // One writer at a time holds the state's lock, so one name is enough, and a crash leaves no more than one file.
  const temporary = join(dirname(path), `.${path.slice(path.lastIndexOf('/') + 1)}.tmp`);
  try {
    const handle = await openNew(temporary);
    try {
      // Whatever the umask: others read it too, sshd the keys of an account and the controller what root said.
      await handle.chmod(0o644);
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Made anew: what a crash left there goes, and what somebody else put there is not opened. */
async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx');
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    await rm(path, { force: true });
    return open(path, 'wx');
  }
}

function readBytesNow(path: string): Buffer | undefined {
  try {
    return readRegularSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
