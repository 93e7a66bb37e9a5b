/** `banspool ban ADDRESS`: an operator's ban. */
import { suppose, type Preview } from '../../pass/preview.ts';
import type { BanIntent } from '../../intent/intent.ts';
import { OPERATOR_JAIL } from '../../domain/names.ts';
import type { Judgement } from '../../policy/judge.ts';
import { banOutcome, reasonNotDropped } from '../text/ban-outcome.ts';
import { untilText, type Zone } from '../../domain/words.ts';
import { addressOf, jailOf, lengthOf, reasonOf } from '../arguments.ts';
import { checkIntent } from '../check-intent.ts';
import { newCommand, withUtc, type AddCommand } from '../command.ts';
import { dateBan } from '../date-intent.ts';
import { refuseLockout } from '../guards/lockout.ts';
import { zoneOf, type Io } from '../io.ts';
import { nextPassText, warnIfNoPass } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';
import { allowedBy, refuseUndropped } from '../guards/refuse-undropped.ts';
import { refuseUnknownJail } from '../guards/refuse-unknown-jail.ts';
import { showProgress } from '../progress.ts';
import { waitUntilEnforced, writeIntent } from '../write-intent.ts';

interface Options {
  readonly config: string;
  readonly for?: string;
  readonly jail: string;
  readonly reason?: string;
  readonly confirm?: string;
  readonly force?: boolean;
  readonly wait?: boolean;
  readonly utc?: boolean;
}

export const addBan: AddCommand = (program, context) => {
  withUtc(
    newCommand(program, 'ban <address>', 'ban an address or network on all ports, as the server "local"'),
  )
    .option('--for <time>', 'duration of the ban, such as 90s, 2h or 30d (default: until unbanned)')
    .option('--jail <jail>', 'the jail of the ban', OPERATOR_JAIL)
    .option('--reason <text>', 'reason for the ban, shown by banspool why')
    .option(
      '--confirm <time>',
      'remove the ban after this time, such as 2m, unless banspool confirm keeps it',
    )
    .option(
      '--force',
      'ban even if this drops a logged-in user, no server has the jail, or the policy allows the address',
    )
    .option('--wait', 'wait until the firewall enforces it')
    .action(async (address: string, options: Options) => {
      const { io } = context;
      const zone = zoneOf(io, options);
      const world = await openOwnersWorld(io, options.config);
      const asked = makeIntent(address, options, world.now());
      const found = await previewWithWarnings(world, io, { firewall: false });
      const intent = dateBan(asked, found.state);
      checkIntent(intent, address, found);
      if (options.force !== true) refuseUnknownJail(intent.jail, found);
      refuseUndropped(intent, address, { found, world, force: options.force === true });
      const after = suppose(world, found, { intents: [intent] });
      await refuseLockout(world, io, {
        ...{ what: `a ban of ${intent.ip.text}`, before: found.judgement, after },
        ...{ force: options.force === true, isTried: options.confirm !== undefined },
      });
      const written = await writeIntent(world, intent);
      if (options.wait !== true) {
        const next = keptText(intent, found, after) ?? nextPassText(world, 'enforces it');
        io.err(
          `banspool: ban of ${intent.ip.text} ${untilText(intent.until, zone)} is in the spool; ${next}\n`,
        );
        tellOfTrial(io, intent, zone);
        return;
      }
      warnIfNoPass(world, io);
      const judgement = await waitUntilEnforced(world, written).finally(
        showProgress(io, 'waiting for the controller'),
      );
      const { families, mode } = world.config;
      io.err(`banspool: ${banOutcome(intent, { judgement, families, mode, zone })}\n`);
      tellOfTrial(io, intent, zone);
    });
};

/** What a pass makes of it but for a ban that is enforced; undefined where it is. */
function keptText(intent: BanIntent, found: Preview, after: Judgement): string | undefined {
  // With --force: the policy lets it in as it stands.
  if (allowedBy(intent, found) !== undefined) return 'it takes effect when policy.yaml no longer allows it';
  const why = reasonNotDropped(intent, after);
  return why === undefined ? undefined : `it drops nothing: ${why}`;
}

function tellOfTrial(io: Io, { ifConfirmed }: BanIntent, zone: Zone): void {
  if (ifConfirmed === undefined) return;
  io.err(
    `banspool: hint: banspool confirm keeps it ${untilText(ifConfirmed, zone)}; otherwise the ban is undone\n`,
  );
}

function makeIntent(address: string, options: Options, now: number): BanIntent {
  const until = options.for === undefined ? Infinity : now + lengthOf('--for', options.for);
  const trial = options.confirm === undefined ? Infinity : lengthOf('--confirm', options.confirm);
  return {
    intent: 'ban',
    jail: jailOf(options.jail),
    ip: addressOf(address),
    protocols: 'all',
    ports: 'all',
    time: now,
    until: Math.min(until, now + trial),
    ...(options.confirm !== undefined && { ifConfirmed: until }),
    ...(options.reason !== undefined && { reason: reasonOf(options.reason) }),
  };
}
