/** Counts what waits in the spool for who asks in passing: no longer than a given time, however much it is. */
import { join } from 'node:path';
import { isSenderName } from '../domain/origin.ts';
import { errnoOf } from '../system/error.ts';
import type { SpoolFiles } from '../system/files/spool-files.ts';
import { isDelivered } from './sweep.ts';

interface Count {
  readonly files: number;
  /** False when there was no time to count them all. */
  readonly isAll: boolean;
}

/** Names that are read before the clock is looked at. */
const AT_A_TIME = 1_000;

/** By server, for those that have something waiting; `isOver` says when the time is up. */
export function countWaiting(
  spool: string,
  files: SpoolFiles,
  isOver: () => boolean,
): ReadonlyMap<string, Count> {
  const counts = new Map<string, Count>();
  for (const { name, isFolder } of unlessClosed(() => files.entries(spool)) ?? []) {
    if (!isFolder || !isSenderName(name)) continue;
    const count = countFolder(files.names(join(spool, name)), isOver);
    if (count.files > 0 || !count.isAll) counts.set(name, count);
  }
  return counts;
}

function countFolder(names: Iterable<string>, isOver: () => boolean): Count {
  let waiting = 0;
  const isCut = unlessClosed(() => {
    let seen = 0;
    for (const name of names) {
      if (isDelivered(name)) waiting += 1;
      seen += 1;
      if (seen % AT_A_TIME === 0 && isOver()) return true;
    }
    return false;
  });
  return { files: waiting, isAll: isCut !== true };
}

/** Undefined for a folder that is closed to us, or went. */
function unlessClosed<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (['EACCES', 'ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
