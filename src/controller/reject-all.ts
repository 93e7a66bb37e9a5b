/** Moves refused files away, one by one: one that cannot be moved keeps no other from it. */
import { messageOf } from '../system/error.ts';
import type { Memory } from './memory.ts';
import type { Problem } from './pass.ts';
import type { RefusedFile } from './take-in.ts';
import type { World } from './world.ts';

/** Rejects; what cannot be moved stays in the spool, is refused again, and is a problem meanwhile. */
export function rejectAll(world: World, memory: Memory, refused: readonly RefusedFile[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { server, entry, reason } of refused) {
    try {
      memory.rejector.reject(entry, { server, name: entry.name, reason }, world.now());
      const record = memory.servers.get(server) ?? { intents: 0, refused: 0 };
      memory.servers.set(server, { ...record, refused: record.refused + 1 });
    } catch (error) {
      const message = `${server}/${entry.name} was refused but cannot be moved away: ${messageOf(error)}`;
      problems.push({ condition: 'SpoolReadable', reason: 'CannotReject', message });
    }
  }
  return problems;
}
