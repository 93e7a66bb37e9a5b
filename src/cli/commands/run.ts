/** `banspool run`: the controller. */
import { markPageStopped } from '../../report/mark-page-stopped.ts';
import { markStopped } from '../../status/mark-stopped.ts';
import { runController } from '../../daemon/run.ts';
import { tellFeed } from '../../feed/feed.ts';
import type { World } from '../../world/world.ts';
import { STATE_MODE } from '../../ledger/git/git.ts';
import { NOTHING_ENFORCED } from '../../config/mode.ts';
import { messageOf } from '../../system/error.ts';
import { openForkServer } from '../../system/processes/fork-server.ts';
import { openStandingTools } from '../../system/firewall/standing-tools.ts';
import { makeNotify } from '../../system/notify.ts';
import { newCommand, type AddCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { openWorld } from '../open-world.ts';
import { refuseStranger } from '../guards/refuse-stranger.ts';

export const addRun: AddCommand = (program, context) => {
  newCommand(program, 'run', 'watch the spool and the policy, and update the firewall when they change')
    .addHelpText(
      'after',
      '\nSIGHUP reloads the config and the state. SIGTERM finishes the current pass and exits with code 0; rules stay.',
    )
    .action(async ({ config }: { config: string }) => {
      context.exitCode = await runUntilStopped(config, context);
    });
};

async function runUntilStopped(config: string, { io }: Parameters<AddCommand>[1]): Promise<number> {
  const { run, close } = openForkServer();
  const standing = openStandingTools();
  const notify = makeNotify(run, io.env);
  const openOwnWorld = async (): Promise<World> => {
    const opened = await openWorld(io, config, { run, standing });
    await refuseStranger(opened, 'run', config);
    await opened.files.makeFolder(opened.config.spool);
    await opened.files.makeFolder(opened.config.state, STATE_MODE);
    return opened;
  };
  let ending: 'SIGTERM' | 'SIGINT' | undefined;
  let current = new AbortController();
  // `on`, never `once`: proper-lockfile ends the process at a signal that nobody else listens to.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      ending ??= signal;
      current.abort();
    });
  }
  process.on('SIGHUP', () => {
    current.abort();
  });

  let world = await openOwnWorld();
  tellFeed(world, 'started');
  for (;;) {
    world.log.info(`watching ${world.config.spool}, state in ${world.config.state}`);
    if (world.config.mode === 'observe') world.log.warn(NOTHING_ENFORCED);
    await runController(world, { notify, signal: current.signal });
    if (isSet(ending)) {
      markStopped(world);
      await markPageStopped(world);
      tellFeed(world, 'stopped');
      await notify.send('STOPPING=1');
      close();
      standing.close();
      return ending === 'SIGINT' ? EXIT.interrupted : EXIT.done;
    }
    current = new AbortController();
    await notify.send('RELOADING=1');
    try {
      world = await openOwnWorld();
      world.log.info('reloaded');
    } catch (error) {
      world.log.error(`the new config is not used: ${messageOf(error)}`);
    }
  }
}

/** Set by a signal, which the compiler cannot see. */
function isSet<T>(value: T | undefined): value is T {
  return value !== undefined;
}
