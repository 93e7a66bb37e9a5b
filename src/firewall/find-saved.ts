/**
 * Finds what is wrong in a ruleset that somebody saved: at boot none of it would be loaded, our rules among it. In: the
 * traps that the data plane finds; out: the same as problems of a pass, or as findings of doctor.
 */
import type { Finding } from '../domain/finding.ts';
import type { Problem } from '../domain/conditions.ts';
import { DATAPLANE } from './open-dataplane.ts';
import type { World } from '../world/world.ts';

/** A problem for each ruleset that would not be loaded. */
export async function savedRulesProblems(world: World): Promise<readonly Problem[]> {
  return (await DATAPLANE.findTraps(world)).map(({ reason, what, mend }) => ({
    condition: 'SavedRulesLoad',
    reason,
    message: `${what}; fix: ${mend}`,
  }));
}

/** The same for doctor. */
export async function savedRulesFindings(world: World): Promise<readonly Finding[]> {
  return (await DATAPLANE.findTraps(world)).map(({ what, mend }) => ({ level: 'bad', what, mend }));
}
