/** `banspool peers`: the firewalls that share their bans with this one. */
import type { AddCommand } from '../command.ts';
import { addPeersAdd } from './peers/add.ts';
import { addPeersKey } from './peers/key.ts';
import { addPeersList } from './peers/list.ts';
import { addPeersRemove } from './peers/remove.ts';

export const addPeers: AddCommand = (program, context) => {
  const group = program
    .command('peers')
    .description('list, add and remove the firewalls that share their bans with this one')
    .addHelpText(
      'after',
      '\nbanspool peers alone lists the peers, as banspool peers list does.' +
        '\nExit code of the list: 0: no condition of the fleet is false; 1: a condition of the fleet is false.',
    );
  for (const add of [addPeersList, addPeersKey, addPeersAdd, addPeersRemove]) add(group, context);
};
