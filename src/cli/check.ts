/** `banspool check`: config and policy, with the line and a hint for each mistake. */
import { join } from 'node:path';
import { DEFAULT_CONFIG_PATH, readConfig } from '../config/config.ts';
import { readPolicy } from '../policy/policy.ts';
import { files } from '../system/files.ts';
import { BanspoolError } from '../system/error.ts';
import type { Mistake } from '../yaml/document.ts';
import { newCommand, type AddCommand } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { paint, type Io } from './io.ts';

export const addCheck: AddCommand = (program, context) => {
  newCommand(program, 'check', 'check the config and the policy').action(
    async ({ config }: { config: string }) => {
      const { io } = context;
      const text = await files.read(config);
      if (text === undefined && config !== DEFAULT_CONFIG_PATH) {
        throw new BanspoolError('config', `there is no config file ${config}`, {
          hint: 'name another with --config FILE',
        });
      }
      const read = readConfig(text ?? '');
      if (read.kind === 'mistakes') {
        tell(io, config, read.mistakes);
        context.exitCode = EXIT.usage;
        return;
      }
      io.out(`${config}: ${text === undefined ? 'not there: defaults' : 'good'}\n`);

      const path = join(read.config.state, 'policy.yaml');
      const policyText = await files.read(path);
      const policy = readPolicy(policyText ?? '{}');
      if (policy.kind === 'mistakes') {
        tell(io, path, policy.mistakes);
        context.exitCode = EXIT.usage;
        return;
      }
      const { allow, deny, servers } = policy.policy;
      const counts = `${allow.length} allowed, ${deny.length} denied, limits for ${servers.size} servers`;
      io.out(
        `${path}: ${policyText === undefined ? 'not there: nothing allowed or denied' : `good (${counts})`}\n`,
      );
    },
  );
};

function tell(io: Io, path: string, mistakes: readonly Mistake[]): void {
  for (const { line, column, message } of mistakes) {
    io.out(`${path}:${line}:${column}: ${paint(io, 'red', message)}\n`);
  }
}
