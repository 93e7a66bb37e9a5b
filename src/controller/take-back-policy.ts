/** Clears away a policy that was tried and not confirmed: it counts no more, and git is to tell that. */
import { messageOf } from '../system/error.ts';
import { trialPath, type Memory } from './memory.ts';
import type { Problem } from '../names/conditions.ts';
import { policyStamp } from './policy-in-force.ts';
import type { World } from './world.ts';

/** Removes its file; where that fails, it is tried again with the next pass. */
export async function takeBackPolicy(world: World, memory: Memory): Promise<readonly Problem[]> {
  if (memory.policy.isTried !== false) return [];
  try {
    await world.files.remove(trialPath(world));
  } catch (error) {
    const message = `${trialPath(world)}, whose time is over, cannot be removed: ${messageOf(error)}`;
    return [{ condition: 'StateSaved', reason: 'WriteFailed', message }];
  }
  const { value, damaged, stamp } = memory.policy;
  memory.policy = { value, damaged, stamp: damaged ? stamp : policyStamp(world) };
  memory.policyNews = 'Take back the policy that nobody confirmed';
  return [];
}
