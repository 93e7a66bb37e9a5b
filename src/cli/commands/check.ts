/** `banspool check`: config and policy, with the line and a hint for each mistake. */
import { join } from 'node:path';
import { DEFAULT_CONFIG_PATH, readConfig } from '../../config/config.ts';
import { NOTHING_ENFORCED } from '../../config/mode.ts';
import { parseNet } from '../../domain/net.ts';
import { explain } from '../../desired/conclude.ts';
import { readPolicy, type Policy, type PolicyNet } from '../../policy/policy.ts';
import { lockouts } from '../../policy/lockout.ts';
import { readTrialFile } from '../../ledger/policy-files.ts';
import { countText, timeText } from '../../domain/words.ts';
import { EMPTY_STATE } from '../../claims/state.ts';
import { BanspoolError } from '../../system/error.ts';
import { ownAddresses, readGiven } from '../../system/host.ts';
import { run } from '../../system/processes/run.ts';
import { makeFindSessions } from '../../system/sessions.ts';
import type { Mistake } from '../../yaml/mistake.ts';
import { newCommand, withUtc, type AddCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { paint, zoneOf, type Io } from '../io.ts';
import { ownersWorld, requireAccess } from '../open-world.ts';

export const addCheck: AddCommand = (program, context) => {
  withUtc(newCommand(program, 'check', 'check the config and the policy')).action(
    async (options: { config: string; utc?: boolean }) => {
      const { io } = context;
      const { config } = options;
      const text = await io.given.read(config, () => readGiven(config));
      if (text === undefined && config !== DEFAULT_CONFIG_PATH) {
        throw new BanspoolError('config', `there is no config file ${config}`, {
          hint: 'specify another with --config FILE',
        });
      }
      const read = readConfig(text ?? '');
      if (read.kind === 'mistakes') {
        tell(io, config, read.mistakes);
        context.exitCode = EXIT.usage;
        return;
      }
      const path = join(read.config.state, 'policy.yaml');
      const world = await ownersWorld(io, read.config);
      const observes = read.config.mode === 'observe' ? `, and ${NOTHING_ENFORCED}` : '';
      io.out(`${config}: ${text === undefined ? 'not found: the defaults apply' : 'valid'}${observes}\n`);

      await requireAccess(world);
      const { files } = world;
      const policyText = await files.read(path);
      const policy = readPolicy(policyText ?? '{}');
      if (policy.kind === 'mistakes') {
        tell(io, path, policy.mistakes);
        context.exitCode = EXIT.usage;
        return;
      }
      const said =
        policyText === undefined ? 'not found: nothing is allowed or denied' : summary(policy.policy);
      io.out(`${path}: ${said}\n`);
      const trial = await readTrialFile(world);
      if (trial !== undefined && trial.until > Date.now())
        io.out(
          `${path}: takes effect at ${timeText(trial.until, zoneOf(io, options))}: another policy is on trial until then\n`,
        );
      if (await warnOfLockouts(io, path, policy.policy)) context.exitCode = EXIT.failed;
    },
  );
};

/** True when the policy drops somebody who is logged in. */
async function warnOfLockouts(io: Io, path: string, policy: Policy): Promise<boolean> {
  const own = ownAddresses().flatMap((text) => parseNet(text) ?? []);
  const { judgement: after } = explain(EMPTY_STATE, { policy, ownAddresses: own, now: Date.now() });
  const found = lockouts(await makeFindSessions(run, io.env)(), { after });
  for (const { text, by } of found)
    io.out(`${path}:${by.line ?? 1}: ${paint(io, 'red', `denies ${text}`)}\n`);
  return found.length > 0;
}

function summary({ allow, deny, servers, escalate, lists, exports, peers }: Policy): string {
  const now = Date.now();
  const inForce = (nets: readonly PolicyNet[]): number => nets.filter(({ until }) => until > now).length;
  const ended = [...allow, ...deny].filter(({ until }) => until <= now);
  const counts = [
    `${inForce(allow)} allowed`,
    `${inForce(deny)} denied`,
    ...(ended.length > 0
      ? [`${ended.length} expired: line ${ended.map(({ line }) => line).join(', ')}`]
      : []),
    `limits for ${countText(servers.size, 'server')}`,
    ...counted(escalate.length, 'rule'),
    ...counted(lists.length, 'list'),
    ...counted(exports.length, 'export'),
    ...counted(peers.size, 'peer'),
  ];
  return `valid (${counts.join(', ')})`;
}

function counted(count: number, what: string): readonly string[] {
  return count > 0 ? [countText(count, what)] : [];
}

function tell(io: Io, path: string, mistakes: readonly Mistake[]): void {
  for (const { line, column, message } of mistakes) {
    io.out(`${path}:${line}:${column}: ${paint(io, 'red', message)}\n`);
  }
}
