/**
 * A doorbell on folders. chokidar loses files in bursts when asked for files (its read of a folder drops events
 * that come while it takes over a second), so it is asked only for folders, and each event only says "look".
 */
import { watch, type FSWatcher } from 'chokidar';
import { identityOf } from './files/identity.ts';

export interface Doorbell {
  /**
   * Watches anew when one of these folders was removed and made again since the last call: chokidar stays deaf to
   * the new one.
   */
  readonly rearm: (folders: readonly string[]) => void;
  readonly close: () => Promise<void>;
}

interface DoorbellOptions {
  readonly folders: readonly string[];
  /** How many levels of folders below each are watched. */
  readonly depth: number;
  readonly ring: () => void;
  readonly warn: (message: string) => void;
}

/** Rings whenever something may have changed in one of the folders; may ring for nothing, and may miss. */
export function openDoorbell({ folders, depth, ring, warn }: DoorbellOptions): Doorbell {
  let watcher = start();
  const known = new Map<string, string>();

  function start(): FSWatcher {
    const started = watch([...folders], {
      followSymlinks: false,
      depth,
      atomic: false,
      ignoreInitial: true,
      ignored: (path, stat) => path.includes('/.git') || (stat !== undefined && !stat.isDirectory()),
    });
    started.on('raw', ring).on('addDir', ring);
    // Without a listener, running out of inotify watches (ENOSPC) ends the process. Sweeps go on without a bell.
    started.on('error', (error) => {
      warn(`watching folders: ${error instanceof Error ? error.message : String(error)}`);
    });
    return started;
  }

  return {
    rearm: (now) => {
      let replaced = false;
      for (const folder of now) {
        const identity = identityOf(folder);
        const before = known.get(folder);
        if (before !== undefined && before !== identity) replaced = true;
        known.set(folder, identity);
      }
      if (!replaced) return;
      void watcher.close();
      watcher = start();
      ring();
    },
    close: () => watcher.close(),
  };
}
