/** Keeps root, and whoever may not write there, out of a state that is somebody else's. */
import { stateOwner } from '../../ledger/state-owner.ts';
import type { World } from '../../world/world.ts';
import { DEFAULT_CONFIG_PATH } from '../../config/config.ts';
import { access } from '../../system/files/access.ts';
import { BanspoolError } from '../../system/error.ts';
import { isRoot } from '../../system/host.ts';
import { commandOfOwner } from '../command-of-owner.ts';

/**
 * Throws, before anything is touched, where the state is another's: what root writes there he could not write to any
 * more, and others cannot even begin.
 */
export async function refuseStranger(
  world: World,
  command: 'reconcile' | 'run',
  configPath: string,
): Promise<void> {
  const owner = await stateOwner(world);
  if (owner === undefined || owner.isCaller) return;
  if (!isRoot()) {
    if (access(world.config.state, 'write') !== 'forbidden') return;
    throw new BanspoolError(
      'usage',
      `the state in ${world.config.state} belongs to ${owner.name}, and this user cannot write there`,
      {
        hint: `run as root: ${owner.uid === 0 ? `banspool ${command}${configWords(configPath)}` : commandOfOwner(owner, command, configPath)}`,
      },
    );
  }
  throw new BanspoolError(
    'usage',
    `the state in ${world.config.state} belongs to ${owner.name}, who cannot write to files that root creates there`,
    { hint: commandOfOwner(owner, command, configPath) },
  );
}

function configWords(path: string): string {
  return path === DEFAULT_CONFIG_PATH ? '' : ` --config ${path}`;
}
