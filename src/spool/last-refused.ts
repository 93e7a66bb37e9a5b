/** The newest refused file of a server that is kept, with the reason: what a person asks for first. */
import type { Rejector } from './reject.ts';
import { isoTime } from '../yaml/time.ts';

interface LastRefused {
  /** Where it is kept; the reason stands in the file of that name with `.reason` after it. */
  readonly path: string;
  /** Of the table of refusals; null where an earlier version refused it. */
  readonly code: string | null;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What the process has seen of one server. */
export interface ServerRecord {
  /** When an intent of it was last taken in, in milliseconds since 1970. */
  lastHeard?: number;
  intents: number;
  refused: number;
  /** As it was last told of; another may have come since. */
  lastRefused?: LastRefused;
}

interface Places {
  readonly rejector: Pick<Rejector, 'newest' | 'reasonOf'>;
  /** By name. */
  readonly servers: Map<string, ServerRecord>;
}

/** Undefined where none is kept any more. Its reason is read from the disk once. */
export function findLastRefused({ rejector, servers }: Places, server: string): LastRefused | undefined {
  const newest = rejector.newest(server);
  if (newest === undefined) return undefined;
  const record = servers.get(server);
  if (record?.lastRefused?.path === newest.path) return record.lastRefused;
  const { code = null, reason = 'unknown' } = rejector.reasonOf(newest.path);
  const found = { path: newest.path, code, reason, at: isoTime(newest.refusedAt) };
  servers.set(server, { ...(record ?? { intents: 0, refused: 0 }), lastRefused: found });
  return found;
}
