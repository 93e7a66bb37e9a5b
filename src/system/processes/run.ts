/**
 * Runs one program to its end. No shell, no inherited environment but what programs need, no open stdin, a time
 * limit: iptables waits for its lock for ever if it is let.
 */
import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Options } from 'execa';
import { realIdentity, type Identity } from '../user.ts';
import { BanspoolError } from '../error.ts';

export interface Ran {
  readonly pid: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** The same, made while the program reads it. */
  readonly pieces?: Iterable<string>;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** How many characters it may print: {@link MAX_OUTPUT_CHARS} unless this says another number. */
  readonly maxOutput?: number;
  /** Takes what it prints as it comes, and must not throw; however much that is, {@link Ran} then has none of it. */
  readonly take?: (chunk: Buffer) => void;
  /** Runs as that user, with none of root's rights; only root can ask for it. */
  readonly as?: Identity | undefined;
  /** Of each process that it starts, too. */
  readonly limits?: Limits | undefined;
}

/** What the kernel holds a process to: see setrlimit(2). */
export interface Limits {
  /** Of addresses, in bytes: what it maps counts too. */
  readonly memory: number;
  /** Of any file that it writes, in bytes. */
  readonly fileSize: number;
  /** Of the processor. */
  readonly seconds: number;
}

/** Runs `file`; resolves however it exits, rejects with a BanspoolError when it could not run to its end. */
export type Run = (file: string, args: readonly string[], options?: RunOptions) => Promise<Ran>;

/** 100,000 rules list in 9-12 s on iptables-nft; what takes longer hangs. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** 100,000 rules with counters are 7 MB. Above some 100 MB of output execa's message of it breaks Node. */
export const MAX_OUTPUT_CHARS = 32_000_000;

/** How long a program may take to leave on SIGTERM before SIGKILL; git then removes its locks. */
export const KILL_DELAY_MS = 2_000;

/** sbin is in no ordinary user's PATH, and iptables is there. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What of our own environment a program may need to see. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'XTABLES_LOCKFILE', 'XTABLES_LIBDIR', 'TMPDIR'];

export const run: Run = async (file, args, options = {}) => {
  const settings: Options & { encoding: 'utf8' } = {
    ...inputOf(options),
    // execa would have it enter the folder that we are in: root's own, mostly, which who acts as another may not enter.
    cwd: options.cwd ?? '/',
    ...realIdentity(),
    env: { ...programEnv(), ...options.env },
    extendEnv: false,
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    forceKillAfterDelay: KILL_DELAY_MS,
    maxBuffer: options.maxOutput ?? MAX_OUTPUT_CHARS,
    ...(options.take !== undefined && { buffer: { stdout: false } }),
    reject: false,
    encoding: 'utf8',
  };
  // Loading it takes 60 ms and 3 MB, and what only reads files has no need of it.
  const { execa } = await import('execa');
  const ahead = [
    ...(options.limits === undefined ? [] : limitWords(options.limits)),
    ...(options.as === undefined ? [] : wordsAs(options.as)),
  ];
  if (ahead.length > 0 && !isInstalled(file))
    throw new BanspoolError('command-missing', `${file} is not installed`);
  const [first = file, ...words] = [...ahead, file, ...args];
  const subprocess = execa(first, words, settings);
  if (options.take !== undefined) subprocess.stdout?.on('data', options.take);
  const result = await subprocess;
  const command = [file, ...args].join(' ');
  if (result.timedOut) {
    const seconds = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000;
    throw new BanspoolError('command-timeout', `${command} did not end within ${seconds} s`);
  }
  if (result.isMaxBuffer) {
    const most = (options.maxOutput ?? MAX_OUTPUT_CHARS) / 1e6;
    throw new BanspoolError('too-much-output', `${command} printed more than ${most} MB`);
  }
  if (result.exitCode === undefined) {
    const missing = result.code === 'ENOENT' && options.cwd === undefined;
    throw new BanspoolError(
      missing ? 'command-missing' : 'command-failed',
      missing ? `${file} is not installed` : (result.shortMessage ?? `${command} failed`),
      { cause: result.cause },
    );
  }
  return {
    pid: subprocess.pid ?? 0,
    exitCode: result.exitCode,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr),
  };
};

function inputOf({ input, pieces }: RunOptions): Options {
  if (pieces !== undefined) return { input: Readable.from(pieces, { highWaterMark: PIECES_AHEAD }) };
  return input === undefined ? { stdin: 'ignore' } : { input };
}

/** So many are made before they are asked for. */
const PIECES_AHEAD = 2;

/** The program is run in the place of prlimit, which has set what its process is held to. */
export function limitWords({ memory, fileSize, seconds }: Limits): readonly string[] {
  return ['prlimit', `--as=${memory}`, `--fsize=${fileSize}`, `--cpu=${seconds}`, '--'];
}

/** What is run ahead of a command: no way back, not by a program with the setuid bit either. */
function wordsAs({ uid, gid }: Identity): readonly string[] {
  return ['setpriv', '--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--no-new-privs'];
}

/** True when there is such a program where {@link run} would look for it. */
export function isInstalled(file: string): boolean {
  return pathOf(file) !== undefined;
}

/** Where {@link run} finds it; undefined where it is not installed. */
export function pathOf(file: string): string | undefined {
  const folders = (passedOn()['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  return folders.map((folder) => `${folder}/${file}`).find((path) => existsSync(path));
}

/** What a program of ours finds in its environment. */
export function programEnv(): Record<string, string> {
  return { ...passedOn(), LC_ALL: 'C' };
}

function passedOn(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  env['PATH'] = env['PATH'] === undefined ? PATH : `${env['PATH']}:${PATH}`;
  return env;
}
