/** Tells systemd how we are (sd_notify(3)), when it asked to be told. */
import type { Run } from './processes/run.ts';

export interface Notify {
  /** Each a line such as READY=1; failures are not ours to act on. */
  readonly send: (...lines: readonly string[]) => Promise<void>;
  /** How often systemd wants a sign of life, or undefined. */
  readonly watchdogMs: number | undefined;
}

/** As long as systemd-notify itself waits to be heard; a systemd that is reloading may take seconds. */
const HEARD_MS = 5_000;

/**
 * Through systemd-notify, since Node cannot open a unix datagram socket. Never with `--no-block`: systemd finds out
 * whose word it is by the sender's process, and drops what comes from one that is gone, READY=1 too. The unit needs
 * NotifyAccess=all, because the sender is a child.
 */
export function makeNotify(run: Run, env: NodeJS.ProcessEnv): Notify {
  const socket = env['NOTIFY_SOCKET'];
  if (socket === undefined) return { send: () => Promise.resolve(), watchdogMs: undefined };
  const microseconds = Number(env['WATCHDOG_USEC'] ?? 0);
  return {
    watchdogMs: microseconds > 0 ? microseconds / 1000 : undefined,
    send: async (...lines) => {
      const options = { env: { NOTIFY_SOCKET: socket }, timeoutMs: HEARD_MS + 1_000 };
      await run('systemd-notify', lines, options).catch(() => undefined);
    },
  };
}
