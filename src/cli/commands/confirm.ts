/** `banspool confirm`: keeps what is tried, before it goes back by itself. */
import { readTrialFile } from '../../ledger/policy-files.ts';
import { policyPath, trialPath } from '../../ledger/policy-paths.ts';
import type { World } from '../../world/world.ts';
import type { BanIntent } from '../../intent/intent.ts';
import { timeText, untilText, type Zone } from '../../domain/words.ts';
import type { State } from '../../claims/state.ts';
import { lateTrialsIn, trialsIn, type Trial } from '../../claims/trials.ts';
import { BanspoolError } from '../../system/error.ts';
import { newCommand, withUtc, type AddCommand } from '../command.ts';
import { zoneOf, type Io } from '../io.ts';
import { dateBan } from '../date-intent.ts';
import { nextPassText } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';
import { writeIntent } from '../write-intent.ts';
import { writePolicy } from '../policy/write-policy.ts';

export const addConfirm: AddCommand = (program, context) => {
  withUtc(
    newCommand(
      program,
      'confirm',
      'keep a ban or policy that is on trial (ban --confirm, policy apply --confirm)',
    ),
  ).action(async (options: { config: string; utc?: boolean }) => {
    const { io } = context;
    const zone = zoneOf(io, options);
    const world = await openOwnersWorld(io, options.config);
    const { state, inputs } = await previewWithWarnings(world, io, { firewall: false });
    const trials = trialsIn(state, world.now());
    for (const trial of trials) {
      const ban = dateBan(banOf(trial, world.now()), state);
      await writeIntent(world, ban);
      const next = nextPassText(world, 'keeps it');
      io.err(`banspool: ban of ${ban.ip.text} ${untilText(ban.until, zone)} is confirmed; ${next}\n`);
    }
    const isPolicyKept = await keepPolicy(world, io, zone);
    if (isPolicyKept) io.err(`banspool: policy confirmed and written to ${policyPath(world)}\n`);
    const late = await lateText(world, inputs.state, zone);
    if (trials.length > 0 || isPolicyKept) {
      if (late !== undefined) io.err(`banspool: warning: ${late}\n`);
      return;
    }
    throw new BanspoolError('refused', late ?? 'nothing is waiting for confirmation', {
      hint: 'an unconfirmed change is undone when its trial ends; see banspool history',
    });
  });
};

/** What ran out and was not taken back yet; undefined when there is no such thing. */
async function lateText(world: World, saved: State, zone: Zone): Promise<string | undefined> {
  const now = world.now();
  const policy = await readTrialFile(world);
  const late = [
    ...lateTrialsIn(saved, now).map(
      ({ claim, until }) => `the ban of ${claim.ip.text} expired at ${timeText(until, zone)}`,
    ),
    ...(policy !== undefined && policy.until <= now
      ? [`the policy expired at ${timeText(policy.until, zone)}`]
      : []),
  ];
  if (late.length === 0) return undefined;
  return `too late to confirm: ${late.join(', ')}; ${nextPassText(world, 'undoes it')}`;
}

/** The same ban, said again, and after what is tried. */
function banOf({ claim, ifConfirmed }: Trial, now: number): BanIntent {
  const { ip, jail, details } = claim;
  const { said = now, ports = 'all', protocols = 'all', reason } = details ?? {};
  return {
    ...{ intent: 'ban', ip, jail, ports, protocols, time: Math.max(now, said + 1), until: ifConfirmed },
    ...(reason !== undefined && { reason }),
  };
}

/** True where somebody wrote policy.yaml after the trial began, and wrote something else than what is tried. */
async function isEditedSince(world: World, tried: string): Promise<boolean> {
  const { files } = world;
  const [edited, began] = [files.modified(policyPath(world)), files.modified(trialPath(world))];
  if (edited === undefined || began === undefined || edited <= began) return false;
  return (await files.read(policyPath(world))) !== tried;
}

async function keepPolicy(world: World, { env }: Io, zone: Zone): Promise<boolean> {
  const trial = await readTrialFile(world);
  if (trial === undefined || trial.until <= world.now()) return false;
  if (await isEditedSince(world, trial.text))
    throw new BanspoolError(
      'refused',
      `${policyPath(world)} was edited during the trial, and confirming would overwrite the edit`,
      {
        hint: `merge both into one file and run banspool policy apply; otherwise the edit takes effect at ${timeText(trial.until, zone)}`,
      },
    );
  await writePolicy(world, { text: trial.text, tried: undefined, did: 'confirm the policy', env });
  return true;
}
