/** What is known of the sets once the kernel took all that was planned. */
import { countMembers } from '../../../desired/members.ts';
import { countLine, keptCounts } from '../observed/member-counts.ts';
import type { Observed } from '../observed/observe.ts';
import type { ObservedSet } from '../observed/observe-sets.ts';
import type { Change, NewSet } from './change.ts';
import type { Ruleset } from '../wanted/ruleset.ts';

/** The observed with each wanted set holding what it should; those that were destroyed are gone. */
export function afterChanges(observed: Observed, ruleset: Ruleset, changes: readonly Change[]): Observed {
  const sets = new Map(observed.sets);
  for (const change of changes) if (change.kind === 'destroy-set') sets.delete(change.set);
  const made = new Map(
    changes.flatMap((change) => (change.kind === 'make-set' ? [[change.set.name, change.set] as const] : [])),
  );
  for (const { set } of ruleset.chains.values()) {
    if (set === undefined) continue;
    const { name, members, isPlain } = set;
    const old = observed.sets.get(name);
    const anew = made.get(name);
    const known: ObservedSet = {
      name,
      make: 'fit',
      capacity: anew?.capacity ?? old?.capacity ?? 0,
      size: countMembers(members),
      isCounted: anew === undefined ? old?.isCounted === true : !isPlain,
      references: old?.references ?? 0,
      content: { kind: 'settled', members, counts: anew === undefined ? keptCounts(old) : countsOf(anew) },
    };
    sets.set(name, known);
  }
  return { ...observed, sets };
}

function countsOf({ members, isPlain }: NewSet): string {
  if (isPlain === true || members.mayCount === false) return '';
  return Array.from(members)
    .flatMap(({ text, counted }) => (counted === undefined ? [] : [countLine({ text, ...counted })]))
    .join('');
}
