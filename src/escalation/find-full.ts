/** Finds servers that have begun so many bans that no more of theirs are remembered: rules count none of these. */
import { MOST_OF_SERVER } from '../claims/seen/seen-draft.ts';
import type { SeenRegions } from '../claims/seen/seen-region.ts';
import type { Problem } from '../domain/conditions.ts';
import { numberText } from '../domain/words.ts';

/** One problem for each, by name. */
export function findFull(seen: SeenRegions, most = MOST_OF_SERVER): readonly Problem[] {
  const sizes = new Map<string, number>();
  for (const region of seen.values())
    for (const [server, size] of region.sizes) sizes.set(server, (sizes.get(server) ?? 0) + size);
  return Array.from(sizes.entries())
    .filter(([, size]) => size >= most)
    .map(([server]) => server)
    .sort()
    .map((server): Problem => ({
      condition: 'EscalationComplete',
      reason: 'MemoryFull',
      message:
        `${server} began and ended ${numberText(most)} bans within the longest time of a rule: the rules below ` +
        `escalate count no more of its bans until older ones are forgotten; fix: find out why ${server} bans so ` +
        'much, or give the rules a shorter within',
    }));
}
