/** Tells systemd how we are (sd_notify(3)), when it asked to be told. */
import type { Run } from './run.ts';

export interface Notify {
  /** Each a line such as READY=1; failures are not ours to act on. */
  readonly send: (...lines: readonly string[]) => Promise<void>;
  /** How often systemd wants a sign of life, or undefined. */
  readonly watchdogMs: number | undefined;
}

/**
 * Through systemd-notify, since Node cannot open a unix datagram socket. `--no-block`: without it the tool waits
 * up to 5 s for an answer. The unit needs NotifyAccess=all, because the message comes from a child.
 */
export function makeNotify(run: Run, env: NodeJS.ProcessEnv): Notify {
  if (env['NOTIFY_SOCKET'] === undefined) return { send: () => Promise.resolve(), watchdogMs: undefined };
  const microseconds = Number(env['WATCHDOG_USEC'] ?? 0);
  return {
    watchdogMs: microseconds > 0 ? microseconds / 1000 : undefined,
    send: async (...lines) => {
      await run('systemd-notify', ['--no-block', ...lines], { timeoutMs: 5_000 }).catch(() => undefined);
    },
  };
}
