/**
 * Runs a script in a process group and namespaces of its own, for a limited time. Nothing of it outlives the runner,
 * even one that is killed: a process of the group waits for the end of a pipe that the runner alone holds, and kills
 * the group.
 */
import { spawn } from 'node:child_process';
import { inNamespaces } from '../support/namespaces.ts';

export interface ScriptRun {
  readonly stdout: string;
  readonly stderr: string;
  /** Both, as they came. */
  readonly output: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Seconds after which it was killed; undefined when it ended by itself. */
  readonly killedAfter: number | undefined;
  readonly milliseconds: number;
}

export interface RunScriptOptions {
  /** Gets the output as it comes. */
  readonly heard?: (text: string) => void;
  /** Folders of the machine that it may write to. */
  readonly writable?: readonly string[];
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs it, with arguments, to the end, however it comes. At the end whatever it left running is killed. */
export async function runScript(
  script: readonly string[],
  timeLimitMs: number,
  { heard = () => undefined, writable = [], env: more = {} }: RunScriptOptions = {},
): Promise<ScriptRun> {
  const startedAt = performance.now();
  const command = ['sh', '-c', LIVE_WITH_RUNNER, 'sh', process.execPath, ...NODE_OPTIONS, ...script];
  const { file: program, args, env } = inNamespaces(command, writable);
  const child = spawn(program, args, {
    env: { ...env, ...more },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '', output: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      said.output += text;
      heard(text);
    });
  }
  const killGroup = (): void => {
    killProcessGroup(child.pid);
  };
  process.on('exit', killGroup);
  let killedAfter: number | undefined;
  const limit = setTimeout(() => {
    killedAfter = timeLimitMs / 1000;
    killGroup();
  }, timeLimitMs);
  child.on('exit', killGroup);

  const { exitCode, signal } = await ended(child);
  clearTimeout(limit);
  process.off('exit', killGroup);
  return { ...said, exitCode, signal, killedAfter, milliseconds: Math.round(performance.now() - startedAt) };
}

/**
 * A test file is over before it pays what V8 optimises: when that waits fifteen times as long, most take a fifth less
 * of the processor, and those with long properties no more than before. The V8 of Node 22 and 24 knows no such option,
 * and a Node ends at once with an option that it does not know.
 */
const LATE_OPTIMISATION = process.versions.node.startsWith('20.') ? ['--interrupt-budget=1000000'] : [];

const NODE_OPTIONS = ['--enable-source-maps', ...LATE_OPTIMISATION];

/** The one that waits must not hold the output open, or its end would never come. */
const LIVE_WITH_RUNNER = '{ read -r _ <&3; kill -KILL 0; } >/dev/null 2>&1 & exec "$@" 3<&-';

interface End {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function ended(child: ReturnType<typeof spawn>): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      resolve({ exitCode, signal });
    });
  });
}

function killProcessGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}
