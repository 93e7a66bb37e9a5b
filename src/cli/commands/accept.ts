/** `banspool accept`: the state is meant to be as it is now, though what was there before is gone. */
import { Ledger } from '../../ledger/ledger.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import { isRoot } from '../../system/host.ts';
import { newCommand, type AddCommand } from '../command.ts';
import { openOwnersWorld } from '../open-world.ts';

export const addAccept: AddCommand = (program, context) => {
  newCommand(
    program,
    'accept',
    'accept the state as it is, after passes stopped because its files or history were missing',
  ).action(async ({ config }: { config: string }) => {
    const world = await openOwnersWorld(context.io, config);
    const ledger = new Ledger(world);
    await forget(ledger).catch((error: unknown) => {
      throw new BanspoolError('io', `cannot remove the record of the previous state: ${messageOf(error)}`, {
        cause: error,
        hint: isRoot()
          ? `rm ${ledger.mark.paths.join(' ')}`
          : 'run it as root, or as the user that banspool runs as (sudo -u banspool)',
      });
    });
    context.io.err(
      `banspool: the next pass uses ${world.config.state} as it is; if it contains no state, the pass adopts the bans on the firewall\n`,
    );
  });
};

/** Bans that are still to be adopted stay so: only an empty state is a first start, in which all are. */
async function forget({ mark, history }: Ledger): Promise<void> {
  const pending = (await history.exists()) ? ((await mark.read())?.pending ?? []) : [];
  await mark.forget(pending);
}
