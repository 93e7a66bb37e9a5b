/** `banspool history [ADDRESS]`: who banned and unbanned it, when, from git. */
import { freshMemory } from '../controller/memory.ts';
import { contains } from '../net/net.ts';
import { parsePolicyHistory, POLICY_FILE_ARGS, POLICY_PATHS } from '../policy/policy-history.ts';
import { changeText } from '../report/commit-message.ts';
import { claimText } from '../report/explain.ts';
import { timeText, untilText } from '../report/words.ts';
import {
  argsAbout,
  HISTORY_ARGS,
  parseHistory,
  parseRepairs,
  POLICY_ARGS,
  policyLinesOn,
  REPAIRS_ARGS,
} from '../state/history.ts';
import { liveClaims } from '../state/live.ts';
import { EMPTY_STATE } from '../state/state.ts';
import { BanspoolError } from '../system/error.ts';
import { addressOf } from './arguments.ts';
import { newCommand, type AddCommand } from './command.ts';
import { json, paint } from './io.ts';
import { openOwnersWorld } from './open-world.ts';

interface Options {
  readonly config: string;
  readonly limit: string;
  readonly json?: boolean;
}

export const addHistory: AddCommand = (program, context) => {
  newCommand(program, 'history [address]', 'show from git who banned and unbanned, newest first')
    .option('--limit <commits>', 'look at so many commits', '200')
    .option('--json', 'answer in JSON')
    .action(async (address: string | undefined, options: Options) => {
      const { io } = context;
      if (!/^[1-9][0-9]{0,6}$/.test(options.limit)) {
        throw new BanspoolError('usage', `--limit: "${options.limit}" is not a number of commits`);
      }
      const ip = address === undefined ? undefined : addressOf(address);
      const world = await openOwnersWorld(io, options.config);
      const { repository, store } = freshMemory(world);
      if (!repository.exists()) {
        throw new BanspoolError('io', `there is no state in ${repository.folder}`, {
          hint: 'the first pass makes it: systemctl start banspool-reconcile.service',
        });
      }
      const only = ip === undefined ? ['--', 'claims'] : argsAbout(ip);
      const log = await repository.read([...HISTORY_ARGS, `--max-count=${options.limit}`, ...only]);
      const lines = parseHistory(log).flatMap(({ commit, time, author, changes }) =>
        changes
          .filter((change) => ip === undefined || change.ip.text === ip.text)
          .map((change) => ({ commit, time, author, change })),
      );
      // Of one address there is nothing to say in them.
      const repairs =
        ip === undefined
          ? parseRepairs(await repository.read([...REPAIRS_ARGS, `--max-count=${options.limit}`]))
          : [];
      const policy = parseRepairs(
        await repository.read([...POLICY_ARGS, `--max-count=${options.limit}`]),
      ).flatMap(({ lines: words, ...rest }) => {
        const own = policyLinesOn(words, ip);
        return own.length === 0 ? [] : [{ ...rest, lines: own }];
      });
      const policies =
        ip === undefined
          ? parsePolicyHistory(
              await repository.read([...POLICY_FILE_ARGS, `--max-count=${options.limit}`, ...POLICY_PATHS]),
            )
          : [];
      if (options.json === true) {
        const events = lines.map(({ commit, time, author, change }) => ({
          time: new Date(time).toISOString(),
          commit,
          author,
          event: change.kind,
          ip: change.ip.text,
          jail: change.jail,
          server: change.server,
          text: changeText(change),
        }));
        json(io, {
          events,
          repairs: repairs.map(({ time, ...rest }) => ({ time: new Date(time).toISOString(), ...rest })),
          policy: policy.map(({ time, ...rest }) => ({ time: new Date(time).toISOString(), ...rest })),
          policyEdits: policies.map(({ time, until, ...rest }) => ({
            time: new Date(time).toISOString(),
            ...rest,
            until: until === undefined ? null : new Date(until).toISOString(),
          })),
        });
        return;
      }
      const told = [
        ...lines.map(({ commit, time, author, change }) => {
          return { time, commit, by: byWhom(author), text: changeText(change) };
        }),
        ...policies.map(({ time, commit, author, what, until }) => ({
          ...{ time, commit, by: byWhom(author) },
          text: `policy ${what}${until === undefined ? '' : ` ${untilText(until)}`}`,
        })),
        ...[...repairs, ...policy].flatMap(({ commit, time, lines: words }) =>
          words.map((text) => ({ time, commit, by: '', text })),
        ),
      ].sort((a, b) => b.time - a.time);
      for (const { time, commit, by, text } of told)
        io.out(`${timeText(time)}  ${text}${paint(io, 'dim', `  ${commit.slice(0, 8)}${by}`)}\n`);
      if (ip === undefined) return;
      if (told.length === 0) io.err(`banspool: nothing in git about ${ip.text}\n`);
      const loaded = await store.load();
      const state = loaded.kind === 'loaded' ? loaded.state : EMPTY_STATE;
      for (const claim of liveClaims(state, world.now())) {
        if (claim.ip.text === ip.text || !contains(claim.ip, ip)) continue;
        io.err(
          `banspool: ${ip.text} is inside ${claim.ip.text} in ${claim.jail}: ${claimText(claim)}; banspool history ${claim.ip.text}\n`,
        );
      }
    });
};

function byWhom(author: string): string {
  return author === 'banspool' ? '' : `  by ${author}`;
}
