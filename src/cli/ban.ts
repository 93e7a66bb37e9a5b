/** `banspool ban ADDRESS`: an operator's ban. */
import type { BanIntent } from '../intent/intent.ts';
import { OPERATOR_JAIL } from '../names/names.ts';
import { contains } from '../net/net.ts';
import type { Judgement } from '../policy/judge.ts';
import { banOutcome } from '../report/ban-outcome.ts';
import { untilText } from '../report/words.ts';
import { addressOf, jailOf, lengthOf, reasonOf } from './arguments.ts';
import { checkIntent } from './check-intent.ts';
import { newCommand, type AddCommand } from './command.ts';
import { dateBan } from './date-intent.ts';
import { refuseLockout } from './refuse-lockout.ts';
import type { Io } from './io.ts';
import { nextPassText } from './next-pass.ts';
import { openOwnersWorld } from './open-world.ts';
import { previewWithWarnings } from './preview-with-warnings.ts';
import { showProgress } from './progress.ts';
import { waitUntilEnforced, writeIntent } from './write-intent.ts';

interface Options {
  readonly config: string;
  readonly for?: string;
  readonly jail: string;
  readonly reason?: string;
  readonly force?: boolean;
  readonly wait?: boolean;
}

export const addBan: AddCommand = (program, context) => {
  newCommand(program, 'ban <address>', 'ban an address or network on all ports, as the server "local"')
    .option('--for <time>', 'how long, such as 90s, 2h or 30d (default: until unbanned)')
    .option('--jail <jail>', 'the jail whose chain it goes to', OPERATOR_JAIL)
    .option('--reason <text>', 'why, for people')
    .option('--force', 'also where that drops you, or somebody else who is logged in')
    .option('--wait', 'return only when the firewall enforces it')
    .action(async (address: string, options: Options) => {
      const { io } = context;
      const world = await openOwnersWorld(io, options.config);
      const asked = makeIntent(address, options, world.now());
      const found = await previewWithWarnings(world, io, { firewall: false });
      const intent = dateBan(asked, found.state);
      checkIntent(intent, address, found);
      warnIfAllowed(io, intent, found.judgement);
      if (options.force !== true) await refuseLockout(world, intent, found);
      const written = await writeIntent(world, intent);
      if (options.wait !== true) {
        io.err(
          `banspool: ban of ${intent.ip.text} ${untilText(intent.until)} is in the spool; ${nextPassText(world, 'enforces it')}\n`,
        );
        return;
      }
      const judgement = await waitUntilEnforced(world, written).finally(
        showProgress(io, 'waiting for the controller'),
      );
      const { families } = world.config;
      io.err(`banspool: ${banOutcome(intent, { judgement, families })}\n`);
    });
};

function makeIntent(address: string, options: Options, now: number): BanIntent {
  return {
    intent: 'ban',
    jail: jailOf(options.jail),
    ip: addressOf(address),
    protocols: 'all',
    ports: 'all',
    time: now,
    until: options.for === undefined ? Infinity : now + lengthOf('--for', options.for),
    ...(options.reason !== undefined && { reason: reasonOf(options.reason) }),
  };
}

/** The ban would be noted and have no effect: better said here than found out later. */
function warnIfAllowed(io: Io, { ip }: BanIntent, { allowed }: Judgement): void {
  const inside = allowed.find(({ net }) => contains(net, ip));
  if (inside === undefined) return;
  io.err(
    `banspool: warning: ${ip.text} will not be dropped: it is inside ${inside.net.text}, allowed by ${inside.source}\n`,
  );
}
