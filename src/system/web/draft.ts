/**
 * A file that is written in pieces, and takes the place of another only when it is whole. Each draft has a temporary of
 * its own, so that two writers at once leave the content of one of them. What a crash leaves is cleared by
 * {@link clearDrafts}.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface Draft {
  readonly add: (piece: Uint8Array) => Promise<void>;
  /** Of all pieces so far. */
  readonly sum: () => { readonly bytes: number; readonly sha256: string };
  /** Puts it in its place, on disk before that. */
  readonly keep: () => Promise<void>;
  readonly drop: () => Promise<void>;
}

export type OpenDraft = (path: string) => Promise<Draft>;

let count = 0;

/** For everybody to read, whatever the umask. */
const MODE = 0o644;

export const openDraft: OpenDraft = async (path) => {
  count += 1;
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}-${count}.tmp`);
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', MODE);
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    add: async (piece) => {
      await handle.appendFile(piece);
      hash.update(piece);
      bytes += piece.length;
    },
    sum: () => ({ bytes, sha256: hash.copy().digest('hex') }),
    keep: async () => {
      await handle.chmod(MODE);
      await handle.sync();
      await handle.close();
      await rename(temporary, path);
      await syncFolder(dirname(path));
    },
    drop: async () => {
      await close(handle);
      await rm(temporary, { force: true });
    },
  };
};

/** Removes drafts that nobody has written to for `age` milliseconds. */
export function clearDrafts(folder: string, age: number): void {
  const names = fs.readdirSync(folder).filter((name) => /^\..*\.\d+-\d+\.tmp$/.test(name));
  for (const name of names) {
    const path = join(folder, name);
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > age) fs.rmSync(path, { force: true });
  }
}

async function close(handle: FileHandle): Promise<void> {
  // It may be closed already.
  await handle.close().catch(() => undefined);
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
