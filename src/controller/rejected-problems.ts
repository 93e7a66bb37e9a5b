/** What is wrong with the rejected folder itself, whether or not anything is refused now: nobody could read why. */
import type { Memory } from './memory.ts';
import type { Problem } from './pass.ts';
import type { World } from './world.ts';

/** At most one: what one server's part of the folder has, the others' have too. */
export function rejectedProblems(
  { config }: World,
  memory: Memory,
  servers: readonly string[],
): readonly Problem[] {
  for (const server of new Set([...servers, ...memory.servers.keys()])) {
    const why = memory.rejector.unreadable(server);
    if (why === undefined) continue;
    const message = `the rejected folder ${config.rejected} cannot be read: ${why}; banspool doctor names the mend`;
    return [{ condition: 'SpoolReadable', reason: 'RejectedUnreadable', message }];
  }
  return [];
}
