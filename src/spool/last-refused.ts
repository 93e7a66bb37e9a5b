/** The newest refused file of a server that is kept, with the reason: what a person asks for first. */
import type { Spool } from './spool.ts';
import { isoTime } from '../yaml/time.ts';

export interface LastRefused {
  /** Where it is kept; the reason stands in the file of that name with `.reason` after it. */
  readonly path: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Undefined where none is kept any more. Its reason is read from the disk once. */
export function findLastRefused(
  { rejector, servers }: Pick<Spool, 'rejector' | 'servers'>,
  server: string,
): LastRefused | undefined {
  const newest = rejector.newest(server);
  if (newest === undefined) return undefined;
  const record = servers.get(server);
  if (record?.lastRefused?.path === newest.path) return record.lastRefused;
  const found = {
    path: newest.path,
    reason: rejector.reasonOf(newest.path) ?? 'unknown',
    at: isoTime(newest.refusedAt),
  };
  servers.set(server, { ...(record ?? { intents: 0, refused: 0 }), lastRefused: found });
  return found;
}
