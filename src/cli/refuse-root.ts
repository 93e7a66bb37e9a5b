/** Keeps root out of a state that is somebody else's. */
import { stateOwner } from '../ledger/state-owner.ts';
import type { World } from '../controller/world.ts';
import { BanspoolError } from '../system/error.ts';
import { isRoot } from '../system/host.ts';
import { commandOfOwner } from './command-of-owner.ts';

/** Throws, before anything is touched, where this is root and the state another's: he could not write to it any more. */
export async function refuseRoot(
  world: World,
  command: 'reconcile' | 'run',
  configPath: string,
): Promise<void> {
  if (!isRoot()) return;
  const owner = await stateOwner(world);
  if (owner === undefined || owner.isCaller) return;
  throw new BanspoolError(
    'usage',
    `the state in ${world.config.state} is ${owner.name}'s, and what root writes there locks it out`,
    { hint: commandOfOwner(owner, command, configPath) },
  );
}
