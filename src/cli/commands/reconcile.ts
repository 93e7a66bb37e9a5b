/** `banspool reconcile`: one whole pass. */
import { Chronicle, readRecord } from '../../status/chronicle.ts';
import { Feed } from '../../feed/feed.ts';
import { Journal } from '../../status/journal.ts';
import { freshMemory, type Memory } from '../../pass/memory.ts';
import { Packer } from '../../daemon/packer.ts';
import type { Pass } from '../../pass/pass.ts';
import { reconcile } from '../../pass/reconcile.ts';
import { READ_BUDGET } from '../../spool/take-in.ts';
import type { World } from '../../world/world.ts';
import { NOTHING_ENFORCED } from '../../config/mode.ts';
import { endingOf } from '../../domain/conditions.ts';
import { BanspoolError } from '../../system/error.ts';
import { lengthOf } from '../arguments.ts';
import { newCommand, type AddCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { openWorld } from '../open-world.ts';
import { hasControllerEnded } from '../../status/find-status.ts';
import { showProgress } from '../progress.ts';
import { refuseStranger } from '../guards/refuse-stranger.ts';

/** The daemon's own pass takes milliseconds; a hundred thousand new bans take seconds. */
const LOCK_WAIT = '30s';

interface Options {
  readonly config: string;
  readonly lockWait: string;
  readonly pack: boolean;
}

/** Below the 5 minutes after which systemd ends the timer's pass. */
const MAX_PACK_MS = 120_000;

export const addReconcile: AddCommand = (program, context) => {
  newCommand(program, 'reconcile', 'run one full pass and exit; the timer runs this command')
    .option('--lock-wait <time>', 'how long to wait for another pass to end', LOCK_WAIT)
    .option('--no-pack', 'do not pack the history; the boot unit uses this option')
    .action(async ({ config, lockWait, pack }: Options) => {
      const world = await openWorld(context.io, config);
      await refuseStranger(world, 'reconcile', config);
      // The timer's journal has it from the controller.
      if (world.config.mode === 'observe' && context.io.isTerminal) world.log.warn(NOTHING_ENFORCED);
      const done = showProgress(context.io, 'reconciling');
      try {
        const memory = freshMemory(world);
        const last = await passUntilRead(world, memory, lengthOf('--lock-wait', lockWait));
        context.exitCode = EXIT[endingOf(last.problems)];
        if (pack) await packSlice(world, memory);
        endHanging(memory, context.exitCode);
      } finally {
        done();
      }
    });
};

async function passUntilRead(world: World, memory: Memory, lockWait: number): Promise<Pass> {
  const known = readRecord(world.config);
  // Beside a controller, which also sees what is wrong between passes, conditions are its to tell of.
  const isAlone = (known?.controller ?? null) === null || hasControllerEnded(known);
  const feed = new Feed(world, known?.conditions ?? []);
  const chronicle = new Chronicle(world, memory);
  const observers = [new Journal(world.log, chronicle), chronicle, feed];
  const write = (): void => {
    chronicle.write();
    if (isAlone) feed.noteProblems(chronicle.problems);
    feed.write();
  };
  for (;;) {
    const startedAt = world.now();
    try {
      const pass = await reconcile(world, memory, {
        kind: 'full',
        lockWait,
        readBudget: READ_BUDGET,
        commitAll: true,
      });
      for (const observer of observers) observer.passed(pass);
      write();
      if (!pass.more) return pass;
    } catch (error) {
      // A lock that is held is the holder's to tell of: status.json is his.
      if (!(error instanceof BanspoolError && error.code === 'locked')) {
        chronicle.failed(error, { kind: 'full', startedAt });
        write();
      }
      throw error;
    }
  }
}

/** What a pass gave up waiting for is not waited for at its end: boot goes on. execa ends the programs. */
function endHanging({ firewall, beginning }: Memory, exitCode: number): void {
  if (firewall.isHanging || beginning.isHanging) process.exit(exitCode);
}

/** Where no controller runs, the timer's passes commit all the same. Nobody waits for it: the pass is over. */
async function packSlice(world: World, memory: Memory): Promise<void> {
  const packer = new Packer(world, memory.ledger);
  const limit = setTimeout(() => void packer.stop(), MAX_PACK_MS);
  await packer.consider();
  await packer.over();
  clearTimeout(limit);
  if (packer.problem !== undefined) world.log.warn(packer.problem.message);
}
