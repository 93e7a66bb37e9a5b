/** Finds what waits in the spool by reading its folders: events are only a bell. */
import { join } from 'node:path';
import { isSenderName } from '../domain/origin.ts';
import { errnoOf } from '../system/error.ts';
import type { SpoolEntry, SpoolFiles } from '../system/files/spool-files.ts';

export interface Sweep {
  /** True when there is no spool, or none that may be read: then nobody is heard. */
  readonly isMissing: boolean;
  /** Servers with something waiting, each with its entries in the order of their names, which is that of time. */
  readonly waiting: ReadonlyMap<string, readonly SpoolEntry[]>;
  /** What else lies in a server's folder, but for folders: somebody's temporary files, which are not read. */
  readonly strays: ReadonlyMap<string, readonly SpoolEntry[]>;
  /** Every server's folder. */
  readonly servers: readonly string[];
  /** Folders that cannot be a server's. */
  readonly strangers: readonly string[];
  /** Servers whose folder cannot be read. */
  readonly closed: readonly string[];
}

/** A server's folder: what was given for good, in the order of names, and what was not. */
export interface ServerFolder {
  readonly delivered: readonly SpoolEntry[];
  readonly others: readonly SpoolEntry[];
}

/** Gives a server's folder; undefined where it cannot be read. */
type ListServer = (server: string) => ServerFolder | undefined;

/** Reads the folders; opens no file. */
export function sweep(
  spool: string,
  files: SpoolFiles,
  list: ListServer = (server) => listServer(spool, server, files),
): Sweep {
  const waiting = new Map<string, readonly SpoolEntry[]>();
  const strays = new Map<string, readonly SpoolEntry[]>();
  const servers: string[] = [];
  const strangers: string[] = [];
  const closed: string[] = [];
  const folders = readFolder(spool, files);
  for (const folder of folders ?? []) {
    if (!folder.isFolder || folder.name.startsWith('.')) continue;
    if (!isSenderName(folder.name)) {
      strangers.push(folder.name);
      continue;
    }
    const found = list(folder.name);
    if (found === undefined) {
      closed.push(folder.name);
      continue;
    }
    servers.push(folder.name);
    if (found.delivered.length > 0) waiting.set(folder.name, found.delivered);
    if (found.others.length > 0) strays.set(folder.name, found.others);
  }
  return {
    isMissing: folders === undefined || !files.isFolder(spool),
    waiting,
    strays,
    servers: servers.sort(),
    strangers: strangers.sort(),
    closed: closed.sort(),
  };
}

/** Reads one server's folder; undefined where it cannot be read. */
export function listServer(spool: string, server: string, files: SpoolFiles): ServerFolder | undefined {
  const entries = readFolder(join(spool, server), files);
  if (entries === undefined) return undefined;
  return {
    delivered: entries.filter(({ name }) => isDelivered(name)).sort(byName),
    others: entries.filter(({ name, isFolder }) => !isDelivered(name) && !isFolder),
  };
}

/** Undefined for a folder that is closed to us: one that a server closed must not keep the others from being heard. */
function readFolder(path: string, files: SpoolFiles): readonly SpoolEntry[] | undefined {
  try {
    return files.entries(path);
  } catch (error) {
    if (errnoOf(error) === 'EACCES') return undefined;
    throw error;
  }
}

/**
 * True for a name that a sender gave for good. Others are somebody's temporary files: rsync's begin with a dot, or
 * end in random letters with --temp-dir.
 */
export function isDelivered(name: string): boolean {
  return name.endsWith('.yaml') && !name.startsWith('.');
}

/** The names that a sender may give (SPEC.md, section 3). */
export const INTENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.yaml$/;

function byName(a: SpoolEntry, b: SpoolEntry): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
