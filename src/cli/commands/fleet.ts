/** `banspool fleet`: moves publications between this firewall and the hub. */
import { openGit } from '../../mover/git/open-git.ts';
import { openValkey } from '../../mover/valkey/open-valkey.ts';
import { runMover } from '../../mover/run-mover.ts';
import { BanspoolError } from '../../system/error.ts';
import { readSecret } from '../../system/files/read-secret.ts';
import { openForkServer } from '../../system/processes/fork-server.ts';
import { listen } from '../../system/processes/listen.ts';
import { connectValkey } from '../../system/valkey.ts';
import { newCommand, type AddCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { openWorld } from '../open-world.ts';

export const addFleet: AddCommand = (program, context) => {
  newCommand(
    program,
    'fleet',
    'push what this firewall publishes to the hub, and fetch what its peers published',
  )
    .addHelpText('after', '\nIt changes no rule and runs without root. SIGTERM ends it; bans stay.')
    .action(async ({ config }: { config: string }) => {
      const { run, close } = openForkServer();
      const world = await openWorld(context.io, config, { run });
      const { fleet } = world.config;
      if (fleet?.remote === undefined || fleet.engine === 'folder')
        throw new BanspoolError('config', `${config} has no fleet with engine: git or engine: valkey`, {
          hint: 'docs/fleet.md describes how to set one up',
        });
      const stop = new AbortController();
      for (const signal of ['SIGTERM', 'SIGINT'] as const) {
        process.on(signal, () => {
          context.exitCode = signal === 'SIGINT' ? EXIT.interrupted : EXIT.done;
          stop.abort();
        });
      }
      world.log.info(`moving between ${fleet.folder} and ${fleet.remote}`);
      const { remote } = fleet;
      const engine =
        fleet.engine === 'git'
          ? openGit(world, { fleet, remote, listen })
          : openValkey(world, { fleet, remote, connectValkey, readSecret });
      await runMover(world, { fleet, engine, signal: stop.signal });
      close();
    });
};
