/** `banspool allow NET`: a network that is never dropped, as a line of policy.yaml, or without it. */
import { newCommand, withUtc, type AddCommand } from '../command.ts';
import { changeList, type ListOptions } from '../policy/change-list.ts';

export const addAllow: AddCommand = (program, { io }) => {
  withUtc(
    newCommand(program, 'allow <network>', 'never drop an address or network: edits allow in policy.yaml'),
  )
    .option('--for <time>', 'duration of the entry, such as 2h or 7d (default: no end)')
    .option('--note <text>', 'a comment, shown by banspool why (default: that of the entry, if there is one)')
    .option('--remove', 'remove the entry')
    .option(
      '--confirm <time>',
      'restore the old policy after this time, such as 2m, unless banspool confirm keeps the new one',
    )
    .option('--force', 'edit it even if this drops a logged-in user, or the network is very wide')
    .action(async (typed: string, options: ListOptions) => {
      await changeList(io, { list: 'allow', typed }, options);
    });
};
