/** What was refused and is kept, of one server or of all: the newest files, each with why and where it lies. */
import { join } from 'node:path';
import { messageOf } from '../system/error.ts';
import type { RejectedFile, RejectedFiles } from '../system/files/rejected-files.ts';
import { parseReason } from './reason-file.ts';

export interface RefusedFile {
  readonly server: string;
  /** `web1/1-1-1.yaml`, as it was in the spool. */
  readonly file: string;
  readonly path: string;
  /** False where only the reason was kept, since it was too large. */
  readonly isThere: boolean;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Of the table of refusals; undefined where an earlier version refused it. */
  readonly code: string | undefined;
  readonly reason: string;
}

interface FoundRefused {
  /** Newest first. */
  readonly files: readonly RefusedFile[];
  /** How many are kept, by server. */
  readonly kept: ReadonlyMap<string, number>;
  /** Folders that cannot be read, each with why. */
  readonly unreadable: readonly string[];
}

interface Asked {
  readonly rejected: string;
  /** Undefined: all. */
  readonly server: string | undefined;
  readonly limit: number;
}

/** Finds them. */
export function findRefusedFiles(
  rejectedFiles: RejectedFiles,
  { rejected, server, limit }: Asked,
): FoundRefused {
  const kept = new Map<string, number>();
  const unreadable: string[] = [];
  const all: (RejectedFile & { readonly server: string })[] = [];
  const names = attempt(() => rejectedFiles.servers(rejected), unreadable) ?? [];
  for (const name of server === undefined ? names : names.filter((each) => each === server)) {
    const files = attempt(() => rejectedFiles.list(join(rejected, name)), unreadable) ?? [];
    if (files.length > 0) kept.set(name, files.length);
    for (const file of files) all.push({ ...file, server: name });
  }
  const newest = all.sort((a, b) => b.refusedAt - a.refusedAt).slice(0, limit);
  return { files: newest.map((file) => withReason(rejectedFiles, file)), kept, unreadable };
}

function attempt<T>(read: () => T, unreadable: string[]): T | undefined {
  try {
    return read();
  } catch (error) {
    unreadable.push(messageOf(error));
    return undefined;
  }
}

function withReason(
  rejectedFiles: RejectedFiles,
  { server, path, refusedAt }: RejectedFile & { readonly server: string },
): RefusedFile {
  const { at, file, code, reason } = parseReason(rejectedFiles.readReason(path) ?? '');
  return {
    ...{ server, path, code, reason: reason ?? 'unknown', at: at ?? refusedAt },
    file: file ?? path.split('/').slice(-2).join('/'),
    isThere: rejectedFiles.isThere(path),
  };
}
