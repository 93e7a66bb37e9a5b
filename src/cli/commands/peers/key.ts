/** `banspool peers key`: the public key of this firewall, which its peers add. */
import { ownKey } from '../../../fleet/own-key.ts';
import { BanspoolError } from '../../../system/error.ts';
import { newCommand, type AddCommand } from '../../command.ts';
import { openOwnersWorld } from '../../open-world.ts';

export const addPeersKey: AddCommand = (group, { io }) => {
  newCommand(
    group,
    'key',
    'print the public key of this firewall for its peers; create the key if there is none',
  ).action(async ({ config }: { config: string }) => {
    const world = await openOwnersWorld(io, config);
    const { fleet } = world.config;
    if (fleet === undefined)
      throw new BanspoolError(
        'config',
        `${config} has no fleet, so this firewall has no name for its peers`,
        {
          hint: 'add a line such as: fleet: { name: fw1 }',
        },
      );
    const { key, isNew } = await ownKey(world, fleet.key, fleet.name);
    if (isNew) io.err(`banspool: ${fleet.key} is created; keep it on this firewall\n`);
    io.out(`${key.type} ${key.base64} ${fleet.name}\n`);
  });
};
