/** Removes what transfers left in the servers' folders when they were cut. */
import { join } from 'node:path';
import { staleStrays } from './strays.ts';
import { messageOf } from '../system/error.ts';
import type { SpoolEntry, SpoolMeasure } from '../system/files/spool-files.ts';
import { callerName } from '../system/user.ts';
import type { Problem } from '../domain/conditions.ts';
import { mendOfTaking, withMend } from './mend-of-folder.ts';
import type { World } from '../world/world.ts';

interface Clearance {
  readonly warnings: readonly string[];
  readonly problems: readonly Problem[];
}

type Measured = SpoolMeasure & { readonly entry: SpoolEntry };

/** Clears each server's folder; what cannot be removed is a problem, and tried again at the next full pass. */
export function clearStrays(world: World, strays: ReadonlyMap<string, readonly SpoolEntry[]>): Clearance {
  const warnings: string[] = [];
  const problems: Problem[] = [];
  for (const [server, entries] of strays) {
    const folder = join(world.config.spool, server);
    try {
      const stale = staleStrays(measureAll(world, folder, entries), world.now());
      const removed = stale.filter(({ entry, stamp }) => world.spoolFiles.remove(folder, entry, stamp));
      const [first] = removed;
      if (first === undefined) continue;
      warnings.push(
        `${server}: removed ${removed.length} temporary files of interrupted transfers, such as ${first.entry.name}`,
      );
    } catch (error) {
      const what = `${server}: cannot remove temporary files of transfers: ${messageOf(error)}`;
      const message = withMend(what, mendOfTaking(world.config, server, callerName()));
      problems.push({ condition: 'SpoolReadable', reason: 'CannotRemove', message });
    }
  }
  return { warnings, problems };
}

function measureAll(
  { spoolFiles }: World,
  folder: string,
  entries: readonly SpoolEntry[],
): readonly Measured[] {
  return entries.flatMap((entry) => {
    const measure = spoolFiles.measure(folder, entry);
    return measure === undefined ? [] : [{ ...measure, entry }];
  });
}
