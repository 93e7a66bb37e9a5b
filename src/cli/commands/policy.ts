/** `banspool policy apply FILE`: puts a policy in force, for good or until it is confirmed. */
import { policyPath, trialPath } from '../../ledger/policy-paths.ts';
import { suppose } from '../../pass/preview.ts';
import type { World } from '../../world/world.ts';
import { readPolicy } from '../../policy/policy.ts';
import { formatTrial } from '../../policy/trial.ts';
import { timeText } from '../../domain/words.ts';
import { BanspoolError, messageOf } from '../../system/error.ts';
import { files } from '../../system/files/files.ts';
import { standardInput } from '../../system/host.ts';
import { lengthOf } from '../arguments.ts';
import { newCommand, type AddCommand } from '../command.ts';
import type { Io } from '../io.ts';
import { refuseLockout } from '../lockout.ts';
import { nextPassText } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';

interface Options {
  readonly config: string;
  readonly confirm?: string;
  readonly force?: boolean;
}

export const addPolicy: AddCommand = (program, context) => {
  const policy = program.command('policy').description('apply a policy');
  newCommand(policy, 'apply <file>', 'check a policy and apply it; - reads standard input')
    .option(
      '--confirm <time>',
      'restore the old policy after this time, such as 2m, unless banspool confirm keeps the new one',
    )
    .option('--force', 'apply it even if this drops you or another logged-in user')
    .action(async (file: string, options: Options) => {
      const { io } = context;
      const tried = options.confirm === undefined ? undefined : lengthOf('--confirm', options.confirm);
      // As who calls: the owner of the state may not read it.
      const text = await textOf(io, file);
      const world = await openOwnersWorld(io, options.config);
      const read = readPolicy(text);
      if (read.kind === 'mistakes') {
        const [first] = read.mistakes;
        throw new BanspoolError('config', `${file}:${first?.line ?? 1}: ${first?.message ?? 'unreadable'}`, {
          hint: 'nothing was changed',
        });
      }
      const found = await previewWithWarnings(world, io, { firewall: false });
      const after = suppose(world, found, { policy: read.policy });
      await refuseLockout(world, io, {
        ...{ what: `this policy`, before: found.judgement, after },
        ...{ force: options.force === true, isTried: tried !== undefined },
      });
      const until = tried === undefined ? undefined : world.now() + tried;
      await put(world, text, until);
      const next = nextPassText(world, 'enforces it');
      if (until === undefined) io.err(`banspool: ${policyPath(world)} written; ${next}\n`);
      else {
        io.err(`banspool: ${file} is the policy until ${timeText(until)}; ${next}\n`);
        io.err('banspool: hint: banspool confirm keeps it; otherwise the old policy is restored\n');
      }
    });
};

async function textOf({ given }: Io, file: string): Promise<string> {
  const read = async (): Promise<string | undefined> => (file === '-' ? standardInput() : files.read(file));
  const text = await given.read(file, read).catch((error: unknown) => {
    throw new BanspoolError('usage', `cannot read ${file}: ${messageOf(error)}`, { cause: error });
  });
  if (text === undefined) throw new BanspoolError('usage', `there is no file ${file}`);
  return text;
}

/** One that is still tried would count instead of the new one. */
async function put(world: World, text: string, until: number | undefined): Promise<void> {
  const { config } = world;
  try {
    await world.files.makeFolder(config.state);
    if (until !== undefined) await world.files.write(trialPath(world), formatTrial({ until, text }));
    else {
      await world.files.write(policyPath(world), text);
      await world.files.remove(trialPath(world));
    }
  } catch (error) {
    throw new BanspoolError('io', `cannot write to ${config.state}: ${messageOf(error)}`, {
      cause: error,
      hint: 'run it as root, or as the user that banspool runs as (sudo -u banspool)',
    });
  }
}
