/** What was put back after somebody else had changed it: in figures, and in a line for the log and for git. */
import { driftText } from './drift-words.ts';
import type { DriftWatch } from './drift-watch.ts';
import type { FamilyOutcome } from './family-firewall.ts';

/** What was put back in one family. */
export interface Repair {
  readonly family: 'ipv4' | 'ipv6';
  /** How many changes put it back. */
  readonly changes: number;
  /** Who had changed it, as far as the kernel tells: `iptables (pid 4711)`. */
  readonly culprits: readonly string[];
  /** The same in words. */
  readonly line: string;
}

/** One for each family in which something was put back. */
export function findRepairs(
  drift: FamilyOutcome['drift'],
  watch: DriftWatch,
  steady: number,
): readonly Repair[] {
  return drift
    .filter(({ changes }) => changes.length > 0)
    .map((each) => {
      const { family, changes } = each;
      const since = watch.since(family);
      const culprits = watch.culpritsIn(family);
      const took = since === undefined ? undefined : steady - since;
      const line = driftText({ ...each, culprits, took });
      return { family, changes: changes.length, culprits, line };
    });
}
