/** The place for what was refused: servers cannot reach it, and each has a bounded room there. */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { readRegularSync } from './read-regular.ts';

export interface RejectedFiles {
  /** The folders in it, one for each server. */
  readonly servers: (rejected: string) => readonly string[];
  /** What is kept of one server, oldest first. */
  readonly list: (folder: string) => readonly RejectedFile[];
  /** Changes whenever something is put into the folder or taken out of it; undefined when there is none. */
  readonly stamp: (folder: string) => string | undefined;
  /** A path in `folder` that is free, with a name as near to `name` as is safe; makes the folder. */
  readonly placeFor: (folder: string, name: string) => string;
  /** Bytes that it takes, with what is below it; Infinity for a folder of more than a hundred things. */
  readonly measure: (path: string) => number;
  readonly isThere: (path: string) => boolean;
  readonly writeReason: (path: string, text: string) => void;
  readonly readReason: (path: string) => string | undefined;
  /** The refused thing and its reason. */
  readonly discard: (path: string) => void;
  /** The refused thing alone. */
  readonly discardContent: (path: string) => void;
}

export interface RejectedFile {
  readonly path: string;
  readonly bytes: number;
  readonly refusedAt: number;
}

const REASON = '.reason';

/** Of a refused folder with more in it nothing is kept. */
const MAX_THINGS = 100;

/** Leaves room for a suffix: a file name may have 255 bytes. */
const MAX_NAME = 180;

export const rejectedFiles: RejectedFiles = {
  servers: (rejected) => {
    if (fs.statSync(rejected, { throwIfNoEntry: false }) === undefined) return [];
    const entries = fs.readdirSync(rejected, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  },
  list: (folder) => {
    if (fs.statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
    const reasons = fs.readdirSync(folder).filter((name) => name.endsWith(REASON));
    const kept = reasons.flatMap((name) => {
      const path = join(folder, name.slice(0, -REASON.length));
      const refused = fs.statSync(join(folder, name), { throwIfNoEntry: false });
      if (refused === undefined) return [];
      return [{ path, bytes: refused.size + rejectedFiles.measure(path), refusedAt: refused.mtimeMs }];
    });
    return kept.sort((a, b) => a.refusedAt - b.refusedAt);
  },
  stamp: (folder) => {
    const stat = fs.statSync(folder, { bigint: true, throwIfNoEntry: false });
    return stat === undefined ? undefined : `${stat.dev}:${stat.ino}:${stat.mtimeNs}`;
  },
  placeFor: (folder, name) => {
    fs.mkdirSync(folder, { recursive: true });
    const safe = name.replace(/[^A-Za-z0-9._-]/g, (character) => encodeByte(character)).slice(0, MAX_NAME);
    const plain = join(folder, safe.startsWith('.') ? `_${safe}` : safe);
    const taken = [plain, plain + REASON].some(
      (each) => fs.lstatSync(each, { throwIfNoEntry: false }) !== undefined,
    );
    return taken ? `${plain}.${randomUUID()}` : plain;
  },
  measure: (path) => {
    let bytes = 0;
    let count = 0;
    const waiting: Buffer[] = [Buffer.from(path)];
    for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
      const stat = fs.lstatSync(each, { throwIfNoEntry: false });
      count += 1;
      bytes += stat?.size ?? 0;
      if (stat?.isDirectory() === true) waiting.push(...firstNames(each).map((name) => inFolder(each, name)));
      if (count + waiting.length > MAX_THINGS) return Infinity;
    }
    return bytes;
  },
  isThere: (path) => fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined,
  writeReason: (path, text) => {
    fs.writeFileSync(path + REASON, text, { flag: 'wx' });
  },
  readReason: (path) => {
    try {
      return readRegularSync(path + REASON).toString('utf8');
    } catch {
      return undefined;
    }
  },
  discard: (path) => {
    fs.rmSync(path, { recursive: true, force: true });
    fs.rmSync(path + REASON, { force: true });
  },
  discardContent: (path) => {
    fs.rmSync(path, { recursive: true, force: true });
  },
};

/**
 * One more than is looked at, as bytes: a folder may hold a million names, and any. readdir would follow links where it
 * goes down itself, out of the folder and round and round.
 */
function firstNames(folder: Buffer): readonly Buffer[] {
  const opened = fs.opendirSync(folder, { encoding: 'buffer' as BufferEncoding });
  try {
    const names: Buffer[] = [];
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
      names.push(entry.name as unknown as Buffer);
      if (names.length > MAX_THINGS) break;
    }
    return names;
  } finally {
    opened.closeSync();
  }
}

function inFolder(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

function encodeByte(character: string): string {
  return `%${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`;
}
