/**
 * Runs a program to its end, for a limited time. Without execa, which src has: to load it takes longer than to start
 * Node, and most test files run programs.
 */
import { spawn } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<NodeJS.ProcessEnv>;
  readonly timeLimitMs?: number;
}

/** Of what hangs: no test waits for it, however busy the machine is. */
const TIME_LIMIT_MS = 120_000;

/** What a test leaves running when it ends. One listener: a test may run many programs at once. */
const running = new Set<ReturnType<typeof spawn>>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Resolves however it exits; rejects when it could not run, or not to its end. */
export async function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [file = '', ...args] = argv;
  const { input, env, timeLimitMs = TIME_LIMIT_MS } = options;
  const child = spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...{ timeout: timeLimitMs, killSignal: 'SIGKILL' },
  });
  running.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Who does not read all of it may end all the same.
  child.stdin?.on('error', () => undefined).end(input);
  try {
    const [code, signal] = await ended(child);
    // With what it wrote until then.
    if (code === null) throw new Error(`${argv.join(' ')}: ended by ${signal}: ${stdout}${stderr}`);
    return { code, stdout, stderr };
  } finally {
    running.delete(child);
  }
}

async function ended(
  child: ReturnType<typeof spawn>,
): Promise<readonly [code: number | null, signal: string]> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve([code, String(signal)]);
    });
  });
}

/** The output of a program that must succeed. */
export async function outputOf(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await runProgram(argv, options);
  if (ran.code !== 0) throw new Error(`${argv.join(' ')}: exit code ${ran.code}: ${ran.stderr}`);
  return ran.stdout;
}
