/** `banspool policy apply FILE`: puts a policy in force, for good or until it is confirmed. */
import { policyPath } from '../../ledger/policy-paths.ts';
import { suppose } from '../../pass/preview.ts';
import { readPolicy } from '../../policy/policy.ts';
import { timeText } from '../../domain/words.ts';
import { BanspoolError } from '../../system/error.ts';
import { lengthOf } from '../arguments.ts';
import { newCommand, withUtc, type AddCommand } from '../command.ts';
import { zoneOf } from '../io.ts';
import { refuseLockout } from '../guards/lockout.ts';
import { nextPassText } from '../next-pass.ts';
import { openOwnersWorld } from '../open-world.ts';
import { previewWithWarnings } from '../preview-with-warnings.ts';
import { readGivenText } from '../read-given-text.ts';
import { writePolicy } from '../policy/write-policy.ts';

interface Options {
  readonly config: string;
  readonly confirm?: string;
  readonly force?: boolean;
  readonly utc?: boolean;
}

export const addPolicy: AddCommand = (program, context) => {
  const policy = program.command('policy').description('apply a policy');
  withUtc(newCommand(policy, 'apply <file>', 'check a policy and apply it; - reads standard input'))
    .option(
      '--confirm <time>',
      'restore the old policy after this time, such as 2m, unless banspool confirm keeps the new one',
    )
    .option('--force', 'apply it even if this drops you or another logged-in user')
    .action(async (file: string, options: Options) => {
      const { io } = context;
      const tried = options.confirm === undefined ? undefined : lengthOf('--confirm', options.confirm);
      // As who calls: the owner of the state may not read it.
      const text = await readGivenText(io, file);
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
      const written = until === undefined ? { text, tried: undefined } : { tried: { until, text } };
      await writePolicy(world, { ...written, did: 'apply a policy', env: io.env });
      const next = nextPassText(world, 'enforces it');
      if (until === undefined) io.err(`banspool: ${policyPath(world)} written; ${next}\n`);
      else {
        io.err(`banspool: ${file} is the policy until ${timeText(until, zoneOf(io, options))}; ${next}\n`);
        io.err('banspool: hint: banspool confirm keeps it; otherwise the old policy is restored\n');
      }
    });
};
