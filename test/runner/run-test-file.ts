/**
 * Runs one test file in a process group and namespaces of its own, for a limited time. Nothing of it outlives the
 * runner, even one that is killed: a process of the group waits for the end of a pipe that the runner alone holds,
 * and kills the group.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inNamespaces } from '../support/namespaces.ts';
import type { TestFile } from './find-test-files.ts';
import { judge, type Verdict } from './judge.ts';

export interface TestRun extends Verdict {
  readonly name: string;
  readonly output: string;
  readonly milliseconds: number;
}

export interface RunTestFileOptions {
  /** Gets the output as it comes. */
  readonly heard?: (text: string) => void;
  /** Folders of the machine that it may write to. */
  readonly writable?: readonly string[];
}

/** Runs to the end, however it comes. At the end whatever the file left running is killed. */
export async function runTestFile(
  file: TestFile,
  timeLimitMs: number,
  { heard = () => undefined, writable = [] }: RunTestFileOptions = {},
): Promise<TestRun> {
  const startedAt = performance.now();
  const command = ['sh', '-c', LIVE_WITH_RUNNER, 'sh', process.execPath, ...NODE_OPTIONS, file.script];
  const { file: program, args, env } = inNamespaces(command, writable);
  const child = spawn(program, args, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
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
  const source = readFileSync(file.source, 'utf8');
  return {
    ...judge({ source, output, exitCode, signal, killedAfter }),
    name: file.name,
    output,
    milliseconds: Math.round(performance.now() - startedAt),
  };
}

/**
 * A test file is over before it pays what V8 optimises: when that waits fifteen times as long, most take a fifth less
 * of the processor, and those with long properties no more than before.
 */
const NODE_OPTIONS = ['--enable-source-maps', '--interrupt-budget=1000000'];

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
