/** Moves refused files away, one by one: one that cannot be moved keeps no other from it. */
import type { Refused } from '../spool/reject.ts';
import { messageOf } from '../system/error.ts';
import type { Memory } from './memory.ts';
import type { Problem } from './pass.ts';
import type { RefusedFile } from './spool-reader.ts';
import type { World } from './world.ts';

export interface Rejection {
  readonly moved: readonly Refused[];
  /** Still in the spool. */
  readonly stuck: readonly Refused[];
  readonly problems: readonly Problem[];
}

/** Rejects; what cannot be moved stays in the spool, is refused again, and is a problem meanwhile. */
export function rejectAll(world: World, memory: Memory, refused: readonly RefusedFile[]): Rejection {
  const moved: Refused[] = [];
  const stuck: Refused[] = [];
  const problems: Problem[] = [];
  for (const { server, entry, reason } of refused) {
    const each = { server, name: entry.name, reason };
    try {
      memory.rejector.reject(entry, each, world.now());
      const record = memory.servers.get(server) ?? { intents: 0, refused: 0 };
      memory.servers.set(server, { ...record, refused: record.refused + 1 });
      moved.push(each);
    } catch (error) {
      stuck.push(each);
      const message = `${server}/${entry.name} was refused (${reason}) but cannot be moved away: ${messageOf(error)}`;
      problems.push({ condition: 'SpoolReadable', reason: 'CannotReject', message });
    }
  }
  return { moved, stuck, problems };
}
