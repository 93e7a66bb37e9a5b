/** `banspool replay --policy FILE`: whom another policy would have banned, and whom not, by the history in git. */
import type { StateRepository } from '../../../ledger/git/git.ts';
import { Ledger } from '../../../ledger/ledger.ts';
import { parseNet } from '../../../domain/net.ts';
import { printable } from '../../../domain/printable.ts';
import { numberText } from '../../../domain/words.ts';
import type { Policy } from '../../../policy/policy.ts';
import { endangeredBy, endangeredText } from '../../../replay/endangered.ts';
import { replay } from '../../../replay/replay.ts';
import { BanspoolError } from '../../../system/error.ts';
import type { World } from '../../../world/world.ts';
import { newCommand, withUtc, type AddCommand } from '../../command.ts';
import { EXIT } from '../../exit-codes.ts';
import { pastTime } from '../../history/past-time.ts';
import { json, zoneOf, type Io } from '../../io.ts';
import { openOwnersWorld } from '../../open-world.ts';
import { showAmount } from '../../progress.ts';
import { readSupposedPolicy } from '../../plan/read-supposed-policy.ts';
import { replayFields } from '../../text/replay-fields.ts';
import { gapsText, replayText } from '../../text/replay-text.ts';

interface Options {
  readonly config: string;
  readonly policy: string;
  readonly against?: string;
  readonly since: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly utc?: boolean;
}

/** Addresses of each kind that are shown unless all are asked for. */
const MOST = 20;

export const addReplay: AddCommand = (program, context) => {
  withUtc(
    newCommand(
      program,
      'replay',
      'show whom another policy would have banned, and whom it would not, from the history in git',
    ),
  )
    .requiredOption('--policy <file>', 'the policy to try; - reads standard input')
    .option(
      '--since <time>',
      'replay the history since then: 7d (ago), 2026-11-28, "2026-11-28 14:05"',
      '30d',
    )
    .option(
      '--against <file>',
      'compare with this policy (default: the policy that was in force at each time)',
    )
    .option('--all', `show all addresses that differ (default: the ${MOST} with the most hours)`)
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const { io } = context;
      const zone = zoneOf(io, options);
      const since = pastTime('--since', options.since, { now: Date.now(), zone });
      // As who calls: the owner of the state may not read them.
      const policy = await readSupposedPolicy(io, options.policy);
      const against = options.against === undefined ? policy : await readSupposedPolicy(io, options.against);
      if (policy === undefined || against === undefined) {
        context.exitCode = EXIT.usage;
        return;
      }
      const world = await openOwnersWorld(io, options.config);
      const { repository, present } = await openHistory(world);
      const sessions = await world.findSessions();
      const ownAddresses = world.ownAddresses().flatMap((text) => parseNet(text) ?? []);
      const now = world.now();
      const found = await whileShown(io, (onProgress) =>
        replay(async (args, input) => repository.read(args, input), {
          ...{ policy, ownAddresses, since, now, onProgress },
          against: options.against === undefined ? undefined : against,
        }),
      );
      const endangered = endangeredBy(found.banned, { policy, present, sessions, ownAddresses, now });
      for (const text of gapsText(found, zone)) io.err(`banspool: warning: ${text}\n`);
      if (policy.lists.length > 0)
        io.err(
          `banspool: warning: lists are not in git: those of ${printable(options.policy)} are not replayed\n`,
        );
      const most = options.all === true ? Infinity : MOST;
      if (options.json === true) {
        json(io, replayFields(found, { endangered, most }));
        return;
      }
      for (const each of endangered) io.err(`banspool: warning: ${endangeredText(each)}\n`);
      const named = printable(options.against ?? 'the policy that was in force');
      const lines = replayText(found, { against: named, zone, width: io.width ?? Infinity, most });
      for (const line of lines) io.out(`${line}\n`);
    });
};

interface Opened {
  readonly repository: StateRepository;
  /** The policy that is in force. */
  readonly present: Policy;
}

async function openHistory(world: World): Promise<Opened> {
  const { repository, history, policy } = new Ledger(world);
  if (!(await history.exists())) {
    throw new BanspoolError('io', `there is no history in ${repository.folder}`, {
      hint: 'the first pass begins it: systemctl start banspool-reconcile.service',
    });
  }
  await policy.refresh({ mayGuess: true, mayLack: true });
  return { repository, present: policy.value };
}

/** Ctrl-C ends it at once: it writes nothing, and git ends when nobody reads from it any more. */
async function whileShown<T>(
  io: Io,
  work: (onProgress: (commits: number, of: number) => void) => Promise<T>,
): Promise<T> {
  let words = 'reading the history';
  const done = showAmount(io, () => words);
  const stop = (): void => {
    done();
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', stop);
  try {
    return await work((commits, of) => {
      words = `replayed ${numberText(commits)} of ${numberText(of)} commits`;
    });
  } finally {
    process.off('SIGINT', stop);
    done();
  }
}
