/** `banspool unban ADDRESS`: lifts every claim on it, whoever made it. */
import { EVERY_JAIL } from '../names/names.ts';
import { contains } from '../net/net.ts';
import { claimText } from '../report/explain.ts';
import { unbanOutcome } from '../report/unban-outcome.ts';
import { addressOf, jailOf } from './arguments.ts';
import { checkIntent } from './check-intent.ts';
import { newCommand, type AddCommand } from './command.ts';
import { dateUnban } from './date-intent.ts';
import { nextPassText } from './next-pass.ts';
import { openWorld } from './open-world.ts';
import { previewWithWarnings } from './preview-with-warnings.ts';
import { showProgress } from './progress.ts';
import { waitUntilEnforced, writeIntent } from './write-intent.ts';

interface Options {
  readonly config: string;
  readonly jail?: string;
  readonly wait?: boolean;
}

export const addUnban: AddCommand = (program, context) => {
  newCommand(
    program,
    'unban <address>',
    'lift every claim on an address or network, whichever server made it',
  )
    .option('--jail <jail>', 'lift only the claims in this jail')
    .option('--wait', 'return only when the firewall has let it go')
    .action(async (address: string, options: Options) => {
      const { io } = context;
      const world = await openWorld(io, options.config);
      const ip = addressOf(address);
      const jail = options.jail === undefined ? EVERY_JAIL : jailOf(options.jail);
      const found = await previewWithWarnings(world, io, { firewall: false });
      const intent = dateUnban({ intent: 'unban', jail, ip, time: world.now() }, found.state);
      checkIntent(intent, address, found);
      const written = await writeIntent(world, intent);
      const { judgement: before } = found;
      let judgement = before;
      if (options.wait === true) {
        judgement = await waitUntilEnforced(world, written).finally(
          showProgress(io, 'waiting for the controller'),
        );
        io.err(`banspool: ${unbanOutcome(ip, { jail, before, after: judgement })}\n`);
      } else {
        const next = nextPassText(world, 'carries it out');
        io.err(`banspool: unban of ${ip.text} is in the spool; ${next}\n`);
      }

      if (!world.config.families.includes(ip.family)) {
        io.err(
          `banspool: warning: families in the config does not name ${ip.family}: a rule that is left there stays (banspool doctor)\n`,
        );
      }
      // Not lifted by this: a wider ban, other jails, the policy.
      const others = judgement.enforced.filter(
        (claim) =>
          contains(claim.ip, ip) &&
          (claim.ip.text !== ip.text || (jail !== EVERY_JAIL && claim.jail !== jail)),
      );
      for (const claim of others) {
        io.err(
          `banspool: warning: ${claim.ip.text} is still dropped in ${claim.jail}: ${claimText(claim)}\n`,
        );
      }
      for (const { net, line } of judgement.deny.filter((entry) => contains(entry.net, ip))) {
        io.err(`banspool: warning: ${net.text} is still dropped: policy.yaml line ${line} denies it\n`);
      }
    });
};
