/**
 * Runs programs as {@link run} does, at a fifth of the price. Node copies its whole address space to start one, which
 * takes 8 to 20 ms and holds everything else up meanwhile; a small shell that is told what to start takes 2. Nothing it
 * is told is ever evaluated: words come in a line each, and become the arguments of `exec`.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BanspoolError } from './error.ts';
import {
  DEFAULT_TIMEOUT_MS,
  isInstalled,
  KILL_DELAY_MS,
  MAX_OUTPUT_CHARS,
  programEnv,
  run,
  type Ran,
  type Run,
  type RunOptions,
} from './run.ts';

export interface ForkServer {
  readonly run: Run;
  /** Ends it after the program under way; what is run after that is run without it. */
  readonly close: () => void;
}

/**
 * Each request is a folder, how many words, and the words. Told on 1: the process id, then the exit code. On 3 and 4
 * what the program writes, each ended by a line that no program can know. Its input is what file 5 holds.
 */
const SHELL = `
trap '' INT
while IFS= read -r folder && IFS= read -r count; do
  set --
  while [ "$count" -gt 0 ]; do
    IFS= read -r word
    set -- "$@" "$word"
    count=$((count - 1))
  done
  (cd -- "$folder" && exec "$@" 3>&- 4>&- 5<&-) </proc/self/fd/5 >&3 2>&4 &
  echo "$!"
  wait "$!"
  code=$?
  printf '%s' "$0" >&3
  printf '%s' "$0" >&4
  echo "$code"
done`;

/** Starts one; when it is gone, or busy, or cannot do it, programs are run without it. */
export function openForkServer(): ForkServer {
  let shell: Shell | undefined;
  let isBusy = false;
  let isClosed = false;
  return {
    run: async (file, args, options = {}) => {
      const words = wordsOf(file, args, options);
      if (isBusy || isClosed || words === undefined || !isInstalled(file)) return run(file, args, options);
      isBusy = true;
      try {
        shell = shell?.isAlive === true ? shell : openShell();
        if (shell?.setInput(options.input ?? '') !== true) return await run(file, args, options);
        return await shell.exec(words, options);
      } finally {
        isBusy = false;
      }
    },
    close: () => {
      isClosed = true;
      shell?.close();
    },
  };
}

/** Undefined for what cannot be told in lines. */
function wordsOf(
  file: string,
  args: readonly string[],
  { env = {} }: RunOptions,
): readonly string[] | undefined {
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const words = settings.length === 0 ? [file, ...args] : ['env', ...settings, file, ...args];
  return words.some((word) => /[\n\0]/.test(word)) ? undefined : words;
}

/** Undefined where none can be started. */
function openShell(): Shell | undefined {
  try {
    return new Shell();
  } catch {
    return undefined;
  }
}

/** One shell, which runs one program at a time. */
class Shell {
  readonly #mark = Buffer.from(`\n${randomUUID()}\n`);
  /** Without a name, so that nobody else has it and nothing is left of it. */
  readonly #input = openUnnamedFile();
  readonly #child: ChildProcess;
  #pending: Pending | undefined;
  isAlive = true;

  constructor() {
    this.#child = spawn('/bin/sh', ['-c', SHELL, this.#mark.toString()], {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe', 'pipe', this.#input],
      env: programEnv(),
    });
    const [requests, told, , stdout, stderr] = this.#child.stdio as unknown as Pipes;
    this.#child.once('error', this.#end).once('close', this.#end);
    requests.on('error', this.#end);
    told.setEncoding('utf8').on('data', (text: string) => this.#pending?.hear(text));
    stdout.on('data', (chunk: Buffer) => this.#pending?.stdout.add(chunk));
    stderr.on('data', (chunk: Buffer) => this.#pending?.stderr.add(chunk));
    this.#hold(false);
  }

  /** Sets what the next program reads; false when it cannot be written. */
  setInput(text: string): boolean {
    try {
      fs.ftruncateSync(this.#input);
      const bytes = Buffer.from(text);
      return fs.writeSync(this.#input, bytes, 0, bytes.length, 0) === bytes.length;
    } catch {
      return false;
    }
  }

  /** As {@link run} does. */
  async exec(
    words: readonly string[],
    { cwd = '.', timeoutMs = DEFAULT_TIMEOUT_MS }: RunOptions,
  ): Promise<Ran> {
    const pending = new Pending(words, { mark: this.#mark, timeoutMs });
    this.#pending = pending;
    this.#hold(true);
    this.#child.stdin?.write([cwd, words.length, ...words, ''].join('\n'));
    try {
      return await pending.ran;
    } finally {
      this.#pending = undefined;
      this.#hold(false);
    }
  }

  /** Only while a program runs does this process wait for it. */
  #hold(isHeld: boolean): void {
    for (const each of [this.#child, ...this.#child.stdio] as readonly (Holding | null)[]) {
      if (isHeld) each?.ref();
      else each?.unref();
    }
  }

  close(): void {
    this.#child.stdin?.end();
  }

  readonly #end = (): void => {
    if (!this.isAlive) return;
    this.isAlive = false;
    fs.closeSync(this.#input);
    this.#pending?.fail('the shell that starts programs is gone');
  };
}

/** What keeps this process from ending. */
interface Holding {
  ref(): unknown;
  unref(): unknown;
}

type Pipes = readonly [requests: Writable, told: Readable, none: null, stdout: Readable, stderr: Readable];

/** One program under way. */
class Pending {
  readonly ran: Promise<Ran>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #command: string;
  readonly #timers: NodeJS.Timeout[] = [];
  #told = '';
  #failure: BanspoolError | undefined;
  #resolve!: (ran: Ran) => void;
  #reject!: (error: BanspoolError) => void;

  constructor(words: readonly string[], { mark, timeoutMs }: { mark: Buffer; timeoutMs: number }) {
    this.#command = words.join(' ');
    const changed = (): void => {
      this.#changed();
    };
    this.stdout = new Output(mark, changed);
    this.stderr = new Output(mark, changed);
    this.ran = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timers.push(
      setTimeout(() => {
        const seconds = timeoutMs / 1000;
        const message = `${this.#command} did not end within ${seconds} s`;
        this.#stop('SIGTERM', new BanspoolError('command-timeout', message));
      }, timeoutMs),
    );
  }

  /** Takes what the shell told: the process id, then the exit code. */
  hear(text: string): void {
    this.#told += text;
    this.#changed();
  }

  /** Gives up on it. */
  fail(why: string): void {
    this.#settle();
    this.#reject(this.#failure ?? new BanspoolError('command-failed', `${this.#command}: ${why}`));
  }

  #changed(): void {
    if (this.stdout.length > MAX_OUTPUT_CHARS && this.#failure === undefined) {
      const message = `${this.#command} printed more than ${MAX_OUTPUT_CHARS / 1e6} MB`;
      this.#stop('SIGKILL', new BanspoolError('command-failed', message));
    }
    const [pid, code, rest] = this.#told.split('\n');
    if (rest === undefined || !this.stdout.isWhole || !this.stderr.isWhole) return;
    this.#settle();
    if (this.#failure !== undefined) this.#reject(this.#failure);
    else {
      const [stdout, stderr] = [this.stdout.text(), this.stderr.text()];
      this.#resolve({ pid: Number(pid), exitCode: Number(code), stdout, stderr });
    }
  }

  /** The failure is told once the program is gone. */
  #stop(signal: NodeJS.Signals, failure: BanspoolError): void {
    this.#failure = failure;
    this.#kill(signal);
    this.#timers.push(
      setTimeout(() => {
        this.#kill('SIGKILL');
      }, KILL_DELAY_MS),
    );
  }

  #kill(signal: NodeJS.Signals): void {
    const [pid, code] = this.#told.split('\n');
    // Once it has an exit code, its process id may be another's.
    if (pid === undefined || pid === '' || code === undefined || code !== '') return;
    try {
      process.kill(Number(pid), signal);
    } catch {
      // It has just ended.
    }
  }

  #settle(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/** What a program wrote on one of its outputs, up to the mark. */
class Output {
  readonly #mark: Buffer;
  readonly #changed: () => void;
  readonly #chunks: Buffer[] = [];
  #tail = Buffer.alloc(0);
  length = 0;
  isWhole = false;

  constructor(mark: Buffer, changed: () => void) {
    this.#mark = mark;
    this.#changed = changed;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-this.#mark.length)]).subarray(-this.#mark.length);
    this.isWhole = this.#tail.equals(this.#mark);
    this.#changed();
  }

  /** Without the mark, and without the line feed at its end, as execa gives it. */
  text(): string {
    const text = Buffer.concat(this.#chunks).toString('utf8', 0, this.length - this.#mark.length);
    return text.replace(/\r?\n$/, '');
  }
}

function openUnnamedFile(): number {
  const path = join(tmpdir(), `banspool-${randomUUID()}`);
  const file = fs.openSync(path, 'wx+', 0o600);
  fs.unlinkSync(path);
  return file;
}
