/**
 * The folders that servers write to, touched as what they are: an attacker's. Nothing is followed, nothing is
 * opened that could block, and names are bytes until they are known to be text.
 */
import { isUtf8 } from 'node:buffer';
import * as fs from 'node:fs';
import { errnoOf } from '../error.ts';

export interface SpoolFiles {
  /** What stands in a folder; nothing when there is no such folder. */
  readonly entries: (folder: string) => readonly SpoolEntry[];
  /** The same, one name after the other, for who may not want all: a folder may hold a million. */
  readonly names: (folder: string) => Iterable<string>;
  /** What stands there by this name, without a look at what else does; undefined where nothing can be seen. */
  readonly find: (folder: string, name: Buffer) => FoundEntry | undefined;
  readonly isFolder: (path: string) => boolean;
  readonly read: (folder: string, entry: SpoolEntry) => SpoolRead;
  /** Undefined when it is gone. */
  readonly measure: (folder: string, entry: SpoolEntry) => SpoolMeasure | undefined;
  /** Removes the file unless it was written again since it had this stamp; false when it was. */
  readonly remove: (folder: string, entry: SpoolEntry, stamp: string) => boolean;
  /** Takes it out of the folder whatever it is, to `target` where it can be moved there. */
  readonly moveAway: (folder: string, entry: SpoolEntry, target: string) => void;
}

export interface SpoolEntry {
  readonly bytes: Buffer;
  /** The name as text; bytes that are no UTF-8 and control characters are shown as \xNN. */
  readonly name: string;
  readonly isFolder: boolean;
  /** False for a link, a device and the like; what it is by now shows when it is opened. */
  readonly isFile: boolean;
}

export interface FoundEntry extends SpoolEntry {
  /** In bytes. */
  readonly size: number;
}

export interface SpoolMeasure {
  readonly bytes: number;
  /** When it was last changed, in milliseconds since 1970, which a sender cannot set. */
  readonly changedAt: number;
  readonly stamp: string;
}

export type SpoolRead =
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly stamp: string; readonly changedAt: number }
  | { readonly kind: 'odd'; readonly what: string; readonly size: number }
  | { readonly kind: 'forbidden'; readonly reason: string }
  | { readonly kind: 'gone' };

/** SPEC.md, section 3: a larger file is refused without being read. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

export const spoolFiles: SpoolFiles = {
  entries: (folder) => {
    try {
      const found = fs.readdirSync(folder, { encoding: 'buffer', withFileTypes: true });
      return found.map((entry) => {
        const bytes = entry.name as unknown as Buffer;
        return { bytes, name: showName(bytes), isFolder: entry.isDirectory(), isFile: entry.isFile() };
      });
    } catch (error) {
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return [];
      throw error;
    }
  },
  names: function* (folder) {
    const opened = fs.opendirSync(folder, { encoding: 'latin1', bufferSize: 1_000 });
    try {
      for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) yield entry.name;
    } finally {
      opened.closeSync();
    }
  },
  read: (folder, entry) => {
    const path = pathOf(folder, entry);
    try {
      return entry.isFile ? readRegular(path) : readAny(path);
    } catch (error) {
      const code = errnoOf(error) ?? '';
      if (code === 'EACCES') return { kind: 'forbidden', reason: 'permission denied' };
      if (IS_GONE.has(code)) return { kind: 'gone' };
      throw error;
    }
  },
  find: (folder, bytes) => {
    const stat = statOf(pathOf(folder, { bytes }));
    if (stat === undefined) return undefined;
    return {
      ...{ bytes, name: showName(bytes), size: Number(stat.size) },
      ...{ isFolder: stat.isDirectory(), isFile: stat.isFile() },
    };
  },
  isFolder: (path) => fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  measure: (folder, entry) => {
    const stat = statOf(pathOf(folder, entry));
    if (stat === undefined) return undefined;
    return { bytes: Number(stat.size), changedAt: changedAt(stat), stamp: stampOf(stat) };
  },
  remove: (folder, entry, stamp) => {
    const path = pathOf(folder, entry);
    const stat = fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return true;
    if (stampOf(stat) !== stamp) return false;
    fs.unlinkSync(path);
    return true;
  },
  moveAway: (folder, entry, target) => {
    const path = pathOf(folder, entry);
    try {
      fs.renameSync(path, target);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return;
      if (errnoOf(error) !== 'EXDEV') throw error;
      moveAcross(path, target);
    }
  },
};

/** What an opening fails with where the file, or its folder, is none any more. */
const IS_GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);

/** Undefined where nothing is, and in a folder that is none any more or is closed: a sweep tells of that. */
function statOf(path: Buffer): fs.BigIntStats | undefined {
  try {
    return fs.lstatSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
}

function readAny(path: Buffer): SpoolRead {
  const stat = fs.lstatSync(path, { bigint: true });
  const odd = describeOdd(stat);
  if (odd !== undefined) return { kind: 'odd', what: odd, size: stat.isFile() ? Number(stat.size) : 0 };
  return readRegular(path);
}

function readRegular(path: Buffer): SpoolRead {
  // A FIFO put in its place since would hang the process, a symlink would lead out of the folder.
  const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOFOLLOW);
  try {
    const stat = fs.fstatSync(fd, { bigint: true });
    const odd = describeOdd(stat);
    if (odd !== undefined) return { kind: 'odd', what: odd, size: Number(stat.size) };
    const bytes = Buffer.allocUnsafe(Number(stat.size));
    let length = 0;
    while (length < bytes.length) {
      const count = fs.readSync(fd, bytes, length, bytes.length - length, length);
      if (count === 0) break;
      length += count;
    }
    return {
      kind: 'bytes',
      bytes: bytes.subarray(0, length),
      stamp: stampOf(stat),
      changedAt: changedAt(stat),
    };
  } finally {
    fs.closeSync(fd);
  }
}

/** Why a file is not read at all; undefined for an ordinary one. */
function describeOdd(stat: fs.BigIntStats): string | undefined {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a directory';
  if (stat.isFIFO()) return 'a FIFO';
  if (stat.isSocket()) return 'a socket';
  if (!stat.isFile()) return 'a device';
  if (stat.nlink > 1) return `a file with ${stat.nlink} hard links`;
  if (stat.size > MAX_FILE_BYTES)
    return `larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB (${stat.size} bytes)`;
  return undefined;
}

/** Between two file systems only an ordinary file of a fair size is copied; of all else the reason file tells. */
function moveAcross(path: Buffer, target: string): void {
  const stat = fs.lstatSync(path);
  if (stat.isFile() && stat.nlink === 1 && stat.size <= MAX_FILE_BYTES) {
    fs.copyFileSync(path, target, fs.constants.COPYFILE_EXCL);
  }
  fs.rmSync(path, { recursive: true, force: true });
}

function stampOf(stat: fs.BigIntStats): string {
  return `${stat.dev}:${stat.ino}:${stat.ctimeNs}:${stat.size}`;
}

function changedAt(stat: fs.BigIntStats): number {
  return Number(stat.ctimeNs / 1_000_000n);
}

function pathOf(folder: string, { bytes }: Pick<SpoolEntry, 'bytes'>): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), bytes]);
}

/** A name that nothing is to be done about, as those of ten thousand files in a row are. */
const PLAIN = /^[\x20-\x7e]*$/;

function showName(bytes: Buffer): string {
  const plain = bytes.toString('latin1');
  if (PLAIN.test(plain)) return plain;
  const text = isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('latin1');
  const unsafe = isUtf8(bytes) ? /[\p{C}\p{Zl}\p{Zp}]/gu : /[^\x20-\x7e]/g;
  return text.replace(
    unsafe,
    (character) => `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  );
}
