/** What was put back after somebody else had changed it, in lines for the log and for git. */
import { driftText } from './drift-words.ts';
import type { DriftWatch } from './drift-watch.ts';
import type { FamilyOutcome } from './family-firewall.ts';

/** One line for each family. */
export function repairLines(
  drift: FamilyOutcome['drift'],
  watch: DriftWatch,
  steady: number,
): readonly string[] {
  return drift
    .filter(({ changes }) => changes.length > 0)
    .map((each) => {
      const since = watch.since(each.family);
      return driftText({
        ...each,
        culprits: watch.culpritsIn(each.family),
        took: since === undefined ? undefined : steady - since,
      });
    });
}
