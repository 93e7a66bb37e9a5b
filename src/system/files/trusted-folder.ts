/**
 * The way to a file, folder by folder, none of them followed by its name again once it is open: whoever owns one of
 * them may put a link in its place at any time. Links count where only root can have made them. Who is not root trusts
 * himself as well.
 */
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import { BanspoolError, errnoOf } from '../error.ts';

/** `roots`: none but root may change any folder on the way, the last included. `any`: it is only read from. */
type Trust = 'roots' | 'any';

/** More is a circle (path_resolution(7)). */
const MAX_LINKS = 40;

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/**
 * Calls `act` with a path of the folder that stays the same folder whatever becomes of its names. Throws with the
 * path of what is not to be trusted, and with ENOENT where there is none.
 */
export function inFolder<T>(folder: string, trust: Trust, act: (base: string) => T): T {
  const fd = walk(folder, trust);
  try {
    return act(pathOf(fd));
  } catch (error) {
    nameAsGiven(error, { fd, path: resolve(folder) });
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}

interface Place {
  readonly fd: number;
  readonly path: string;
}

function walk(folder: string, trust: Trust): number {
  let place: Place = { fd: openFolder('/'), path: '/' };
  let rest = wordsOf(resolve(folder));
  let links = 0;
  try {
    for (;;) {
      const [name, ...others] = rest;
      if (trust === 'roots') requireRoots(place, { isLast: name === undefined });
      if (name === undefined) return place.fd;
      const target = linkAt(place, name);
      if (target === undefined) {
        place = step(place, name);
        rest = others;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) throw refusal(join(place.path, name), 'is a loop of symbolic links');
      if (target.startsWith('/')) place = moved(place, { fd: openFolder('/'), path: '/' });
      rest = [...wordsOf(target), ...others];
    }
  } catch (error) {
    fs.closeSync(place.fd);
    throw error;
  }
}

/** Where a link of that name leads that root made; undefined for what is no link. */
function linkAt(place: Place, name: string): string | undefined {
  const at = join(pathOf(place.fd), name);
  const target = isRoots(fs.fstatSync(place.fd)) ? rootsLink(at) : undefined;
  if (target !== undefined || !fs.lstatSync(at).isSymbolicLink()) return target;
  throw refusal(join(place.path, name), 'is a symbolic link that users other than root could have created');
}

/** Where a link leads that root made right there; a second name of it may be somebody else's doing. */
export function rootsLink(path: string): string | undefined {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  return stat?.isSymbolicLink() === true && stat.uid === 0 && stat.nlink === 1
    ? fs.readlinkSync(path)
    : undefined;
}

function step(place: Place, name: string): Place {
  const path = join(place.path, name);
  try {
    return moved(place, { fd: openFolder(join(pathOf(place.fd), name)), path });
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOTDIR' || code === 'ELOOP') throw refusal(path, 'is not a folder');
    nameAsGiven(error, place);
    throw error;
  }
}

function moved(from: Place, to: Place): Place {
  fs.closeSync(from.fd);
  return to;
}

function openFolder(path: string): number {
  return fs.openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/** People know the folder by its path, and not by a number of this process. */
function nameAsGiven(error: unknown, { fd, path }: Place): void {
  if (error instanceof Error)
    error.message = error.message.replace(new RegExp(`${pathOf(fd)}(?![0-9])`, 'g'), () => path);
}

/** Not a path to the name, but to what was opened (proc_pid_fd(5)). */
function pathOf(fd: number): string {
  return `/proc/self/fd/${fd}`;
}

function wordsOf(path: string): readonly string[] {
  return path.split('/').filter((word) => word !== '' && word !== '.');
}

/** In a sticky folder, such as /tmp, what is root's stays root's. */
function requireRoots({ fd, path }: Place, { isLast }: { isLast: boolean }): void {
  const stat = fs.fstatSync(fd);
  if (isRoots(stat) || (!isLast && stat.uid === 0 && (stat.mode & STICKY) !== 0)) return;
  throw refusal(path, 'is writable by users other than root, who could change files that root writes there');
}

function isRoots({ uid, mode }: fs.Stats): boolean {
  return (uid === 0 || uid === process.getuid?.()) && (mode & OTHERS_WRITE) === 0;
}

const STICKY = 0o1000;
const OTHERS_WRITE = 0o022;

/** What all refusals have in common. */
export function refusal(path: string, what: string): BanspoolError {
  return new BanspoolError('refused', `${path} ${what}`, {
    hint: `make it a plain file or folder with owner root and mode go-w; see ls -ld ${path}`,
  });
}
