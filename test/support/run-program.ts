/** Runs a program to its end, for a limited time. */
import { execa } from 'execa';

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

/** Resolves however it exits; rejects when it could not run, or not to its end. */
export async function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const [file = '', ...args] = argv;
  const ran = await execa(file, args, {
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.env !== undefined && { env: options.env }),
    reject: false,
    timeout: options.timeLimitMs ?? TIME_LIMIT_MS,
    stripFinalNewline: false,
  });
  // With what it wrote until then.
  if (ran.exitCode === undefined) throw new Error(ran.message);
  return { code: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
}

/** The output of a program that must succeed. */
export async function outputOf(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const ran = await runProgram(argv, options);
  if (ran.code !== 0) throw new Error(`${argv.join(' ')}: exit code ${ran.code}: ${ran.stderr}`);
  return ran.stdout;
}
