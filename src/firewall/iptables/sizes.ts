/** How full sets are. */
import { countMembers } from '../../desired/members.ts';
import type { SetSize } from '../dataplane.ts';
import type { Observed } from './observed/observe.ts';
import type { Ruleset } from './wanted/ruleset.ts';

/** Of each set that should stand. */
export function sizesOf({ chains }: Ruleset, { sets }: Observed): readonly SetSize[] {
  return Array.from(chains.values()).flatMap(({ set }) => {
    if (set === undefined) return [];
    const { name, members } = set;
    return [{ name, members: countMembers(members), capacity: sets.get(name)?.capacity ?? 0 }];
  });
}
