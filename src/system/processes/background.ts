/**
 * Starts a program that nobody waits for: at the lowest priority, and so that it can be ended with all that it
 * started.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { messageOf } from '../error.ts';
import { programEnv, type RunOptions } from './run.ts';
import { startChild } from './start-child.ts';

export interface Background {
  /** Why it failed; undefined when it ended well. */
  readonly ended: Promise<string | undefined>;
  /** Has it end at once; what it then tells is no failure. */
  readonly stop: () => void;
}

export type StartBackground = (
  file: string,
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env' | 'as' | 'timeoutMs'>,
) => Background;

const MAX_SAID = 500;

export const startBackground: StartBackground = (file, args, { cwd, env, as, timeoutMs }) => {
  const start = (): ChildProcessByStdio<null, null, Readable> =>
    // Its own group of processes: git has the work done by others of its kind.
    spawn('nice', ['-n', '19', file, ...args], {
      ...{ detached: true, stdio: ['ignore', 'ignore', 'pipe'], ...as },
      ...(cwd !== undefined && { cwd }),
      env: { ...programEnv(), ...env },
    });
  let child: ReturnType<typeof start>;
  try {
    child = startChild(start);
  } catch (error) {
    return { ended: Promise.resolve(messageOf(error)), stop: () => undefined };
  }
  let words = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (words = `${words}${text}`.slice(0, MAX_SAID)));
  let isStopped = false;
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has just ended.
    }
  };
  const timer = setTimeout(() => {
    words = `it did not end within ${(timeoutMs ?? 0) / 1000} s`;
    kill();
  }, timeoutMs);
  const ended = new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(messageOf(error));
    });
    child.once('close', (code, signal) => {
      const why = words.trim().split('\n')[0] ?? '';
      resolve(code === 0 || isStopped ? undefined : why === '' ? `exit ${code ?? signal ?? ''}` : why);
    });
  });
  void ended.then(() => {
    clearTimeout(timer);
  });
  return {
    ended,
    stop: () => {
      isStopped = true;
      kill();
    },
  };
};
