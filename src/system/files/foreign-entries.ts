/** What in a folder its user cannot write to, because it is somebody else's. */
import * as fs from 'node:fs';
import { join } from 'node:path';

interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Paths of the folder and of what stands in it, sorted, that are neither `user`'s nor open to him; nothing below is
 * looked at. None where the folder is missing or cannot be read.
 */
export function foreignEntries(folder: string, user: User): readonly string[] {
  const paths = [folder, ...names(folder).map((name) => join(folder, name))];
  return paths.filter((path) => isForeign(path, user));
}

/** The same of one path. */
export function isForeign(path: string, { uid, gid }: User): boolean {
  try {
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined || stat.uid === uid || stat.isSymbolicLink()) return false;
    const isOpen = (stat.mode & 0o002) !== 0 || (stat.gid === gid && (stat.mode & 0o020) !== 0);
    return !isOpen;
  } catch {
    return false;
  }
}

/** Whether anybody may enter that folder. */
export function isOpenToAll(folder: string): boolean {
  return ((fs.statSync(folder, { throwIfNoEntry: false })?.mode ?? 0) & 0o001) !== 0;
}

function names(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}
