/**
 * Enforces, and beside that looks up what programs tell that only read: a full pass lists long sets, which takes longer
 * than all of it. What later steps go by is looked up here for them.
 */
import type { Problem } from '../domain/conditions.ts';
import type { EnforcedAll } from '../firewall/firewall.ts';
import { untilAllEnded } from '../system/patience.ts';
import type { World } from '../world/world.ts';
import type { Begun } from './beginning.ts';
import { findOtherProblems, type FindOptions } from './find-other-problems.ts';
import type { Memory } from './memory.ts';

interface EnforceAndLookOptions extends FindOptions {
  readonly begun: Begun;
}

/** What was enforced, and what is wrong that no step of a pass meets at its own work. */
export async function enforceAndLook(
  world: World,
  memory: Memory,
  { begun, ...found }: EnforceAndLookOptions,
): Promise<readonly [EnforcedAll, readonly Problem[]]> {
  const enforcing = memory.firewall.enforce({ ...begun, ...found });
  return untilAllEnded([enforcing, look(world, memory, found)]);
}

/** One after the other, since one helper starts them all. */
async function look(world: World, memory: Memory, options: FindOptions): Promise<readonly Problem[]> {
  const others = await findOtherProblems(world, memory, options);
  if (options.kind === 'full') {
    await memory.firewall.lookAhead();
    await memory.ledger.lookAhead();
  }
  return others;
}
