/**
 * inotify on folders that may hold many files, one watch each, which only says "look". chokidar reads such a folder
 * again at each change, and looks at every file in it: a flood in the spool had it do nothing else, and of each commit
 * beside 10,000 bans it took a third of the processor's time.
 */
import { watch, type FSWatcher } from 'node:fs';
import { messageOf } from './error.ts';
import { identityOf } from './files/identity.ts';

export interface FolderWatches {
  /** Watches these and no others; one that was removed and made again is watched anew. Returns whether any is new. */
  readonly set: (folders: readonly string[]) => boolean;
  readonly close: () => void;
}

interface Watched {
  readonly identity: string;
  readonly watcher: FSWatcher | undefined;
}

/** Told which name in which folder something happened to; undefined where the kernel does not say. */
type Ring = (folder: string, name: Buffer | undefined) => void;

/** `warn` is told once when a folder cannot be watched: sweeps go on without a bell. */
export function openFolderWatches(ring: Ring, warn: (message: string) => void): FolderWatches {
  const watched = new Map<string, Watched>();
  let hasWarned = false;
  const failed = (error: unknown): void => {
    if (!hasWarned) warn(`watching folders: ${messageOf(error)}`);
    hasWarned = true;
  };
  const open = (folder: string): FSWatcher | undefined => {
    try {
      const heard = (_event: string, name: Buffer | null): void => {
        ring(folder, name ?? undefined);
      };
      return watch(folder, { persistent: false, encoding: 'buffer' }, heard).on('error', failed);
    } catch (error) {
      failed(error);
      return undefined;
    }
  };
  const drop = (folder: string): void => {
    watched.get(folder)?.watcher?.close();
    watched.delete(folder);
  };
  return {
    set: (folders) => {
      const wanted = new Set(folders);
      for (const folder of watched.keys()) if (!wanted.has(folder)) drop(folder);
      let isNew = false;
      for (const folder of folders) {
        const identity = identityOf(folder);
        if (watched.get(folder)?.identity === identity) continue;
        drop(folder);
        watched.set(folder, { identity, watcher: open(folder) });
        isNew = true;
      }
      return isNew;
    },
    close: () => {
      for (const folder of [...watched.keys()]) drop(folder);
    },
  };
}
