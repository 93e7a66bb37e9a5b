/** `banspool unban ADDRESS...`: lifts claims, whoever made them, and says what drops the address all the same. */
import { NOTHING_ENFORCED } from '../../config/mode.ts';
import { policyPath } from '../../ledger/policy-paths.ts';
import { suppose, type Preview } from '../../pass/preview.ts';
import type { World } from '../../world/world.ts';
import type { UnbanIntent } from '../../intent/intent.ts';
import { EVERY_JAIL } from '../../domain/names.ts';
import type { Judgement } from '../../policy/judge.ts';
import { unbanOutcome, type UnbanOutcome } from '../text/unban-outcome.ts';
import { countText } from '../../domain/words.ts';
import { BanspoolError } from '../../system/error.ts';
import { addressOf, claimantOf, jailOf } from '../arguments.ts';
import { checkIntent } from '../check-intent.ts';
import { newCommand, withUtc, type AddCommand } from '../command.ts';
import { dateUnban } from '../date-intent.ts';
import { EXIT } from '../exit-codes.ts';
import { zoneOf, type Io } from '../io.ts';
import { findRunning, nextPassText, warnIfNoPass } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';
import { unknownNames } from '../guards/refuse-unknown-jail.ts';
import { showProgress } from '../progress.ts';
import { waitUntilEnforced, writeIntent } from '../write-intent.ts';
import { EVERYBODY } from '../../domain/net.ts';

interface Options {
  readonly config: string;
  readonly within?: boolean;
  readonly jail?: string;
  readonly server?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly utc?: boolean;
}

export const addUnban: AddCommand = (program, context) => {
  withUtc(
    newCommand(program, 'unban [addresses...]', 'lift the claims of all servers on addresses or networks'),
  )
    .option('--within', 'also lift the claims inside the networks')
    .option('--server <server>', 'lift only the claims of this server')
    .option('--jail <jail>', 'lift only the claims in this jail')
    .option('--all', 'lift all claims; requires --yes')
    .option('--yes', 'confirm --all')
    .option('--wait', 'wait until the firewall no longer drops it')
    .addHelpText(
      'after',
      '\nExit code 0: no longer dropped; 1: still dropped, no claim found, or no pass is due.',
    )
    .action(async (addresses: readonly string[], options: Options) => {
      const { io } = context;
      const world = await openOwnersWorld(io, options.config);
      const asked = askedOf(addresses, options, world.now());
      const found = await previewWithWarnings(world, io, { firewall: false });
      const unbans = asked.map((unban) => dateUnban(unban, found.state));
      for (const unban of unbans) checkIntent(unban, unban.ip.text, found);
      if (options.all === true && options.yes !== true) throw wantsYes(found);
      for (const text of unknownNames(options, { world, found })) io.err(`banspool: warning: ${text}\n`);
      const after = await carryOut(unbans, { world, io, found, isAwaited: options.wait === true });
      const outcomes = unbans.map((unban) =>
        unbanOutcome(unban, {
          ...{ before: found.judgement, after, policyPath: policyPath(world) },
          ...{ mode: world.config.mode, zone: zoneOf(io, options) },
        }),
      );
      // Everything is two networks, of which one may well hold nothing.
      const shown = options.all === true ? withoutIdle(outcomes) : outcomes;
      tell(io, shown, options.wait === true);
      if (options.wait === true && world.config.mode === 'observe') io.err(`banspool: ${NOTHING_ENFORCED}\n`);
      warnOfFamilies(world, io, unbans);
      // Where nobody carries it out, the address stays dropped as well.
      const isIdle = options.wait !== true && findRunning(world).status === 'False';
      if (isIdle || shown.some(({ warnings }) => warnings.length > 0)) context.exitCode = EXIT.failed;
    });
};

function askedOf(addresses: readonly string[], options: Options, now: number): readonly UnbanIntent[] {
  const { all = false, within = false, server } = options;
  if (all === addresses.length > 0) {
    throw new BanspoolError('usage', all ? '--all takes no address' : 'no address given', {
      hint: 'run banspool unban ADDRESS..., or banspool unban --all --yes for all bans',
    });
  }
  const jail = options.jail === undefined ? EVERY_JAIL : jailOf(options.jail);
  return (all ? Object.values(EVERYBODY) : addresses).map((address) => ({
    intent: 'unban',
    jail,
    ip: addressOf(address),
    time: now,
    ...(server !== undefined && { of: claimantOf(server) }),
    ...((all || within) && { within: true }),
  }));
}

function wantsYes({ judgement }: Preview): BanspoolError {
  const claims = countText(judgement.enforced.length + judgement.ignored.length, 'claim');
  return new BanspoolError('usage', `--all lifts up to ${claims}`, {
    hint: 'to confirm, run: banspool unban --all --yes',
  });
}

interface Errand {
  readonly world: World;
  readonly io: Io;
  readonly found: Preview;
  readonly isAwaited: boolean;
}

/** What is then claimed and enforced: as saved when it was waited for, else as the next pass will have it. */
async function carryOut(
  unbans: readonly UnbanIntent[],
  { world, io, found, isAwaited }: Errand,
): Promise<Judgement> {
  const written = [];
  for (const unban of unbans) written.push(await writeIntent(world, unban));
  if (!isAwaited) {
    const names = new Set(unbans.map(({ ip: { prefix, text } }) => (prefix === 0 ? 'everything' : text)));
    io.err(
      `banspool: unban of ${[...names].join(', ')} is in the spool; ${nextPassText(world, 'carries it out')}\n`,
    );
    return suppose(world, found, { intents: unbans });
  }
  warnIfNoPass(world, io);
  const done = showProgress(io, 'waiting for the controller');
  try {
    let judgement = found.judgement;
    for (const each of written) judgement = await waitUntilEnforced(world, each);
    return judgement;
  } finally {
    done();
  }
}

function withoutIdle(outcomes: readonly UnbanOutcome[]): readonly UnbanOutcome[] {
  const busy = outcomes.filter(({ lifted }) => lifted > 0);
  return busy.length > 0 ? busy : outcomes.slice(0, 1);
}

/** What is yet to come is not said to be so; that nothing will come of it is. */
function tell(io: Io, outcomes: readonly UnbanOutcome[], isAwaited: boolean): void {
  for (const { text, warnings } of outcomes) {
    if (isAwaited || warnings.includes(text)) io.err(`banspool: ${text}\n`);
    for (const warning of warnings) if (warning !== text) io.err(`banspool: warning: ${warning}\n`);
  }
  for (const hint of new Set(outcomes.flatMap(({ hints }) => hints))) io.err(`banspool: hint: ${hint}\n`);
}

function warnOfFamilies(world: World, io: Io, unbans: readonly UnbanIntent[]): void {
  const left = new Set(
    unbans.map(({ ip }) => ip.family).filter((family) => !world.config.families.includes(family)),
  );
  for (const family of left) {
    io.err(
      `banspool: warning: the config does not list ${family} in families: rules left there stay (see banspool doctor)\n`,
    );
  }
}
