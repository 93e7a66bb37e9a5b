/**
 * Runs programs as {@link run} does, without Node copying its address space to start each: that takes 1 ms of 47 MB, 22
 * of 257 and 61 of 572, and holds all else up meanwhile. By way of a small shell that is told what to start, `true` is
 * over after 0.7 ms at any size. Nothing it is told is ever evaluated: words come in a line each, and become the
 * arguments of `exec`. Rules and members need it no more where tools stand by; lists, git and systemd do.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ForkedProgram } from './forked-program.ts';
import {
  DEFAULT_TIMEOUT_MS,
  isInstalled,
  limitWords,
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

/** Both families are listed at once. What is run beside them is run by execa, which takes 60 ms to load. */
const MOST_SHELLS = 2;

/** Starts one; when it is gone, or busy, or cannot do it, programs are run without it. */
export function openForkServer(): ForkServer {
  let shells: readonly Shell[] = [];
  let isClosed = false;
  const findIdle = (): Shell | undefined => {
    shells = shells.filter(({ isAlive }) => isAlive);
    const idle = shells.find(({ isBusy }) => !isBusy);
    if (idle !== undefined || shells.length === MOST_SHELLS) return idle;
    const opened = openShell();
    if (opened !== undefined) shells = [...shells, opened];
    return opened;
  };
  return {
    run: async (file, args, options = {}) => {
      const words = wordsOf(file, args, options);
      if (isClosed || options.as !== undefined || words === undefined || !isInstalled(file))
        return run(file, args, options);
      const shell = findIdle();
      if (shell?.setInput(options.input ?? '') !== true) return run(file, args, options);
      return shell.exec(words, options);
    },
    close: () => {
      isClosed = true;
      for (const shell of shells) shell.close();
    },
  };
}

/** Undefined for what cannot be told in lines, or whose input or output is none that is there at once. */
function wordsOf(
  file: string,
  args: readonly string[],
  { env = {}, limits, pieces, take, maxOutput }: RunOptions,
): readonly string[] | undefined {
  if ([pieces, take, maxOutput].some((each) => each !== undefined)) return undefined;
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const words = [
    ...(settings.length === 0 ? [] : ['env', ...settings]),
    ...(limits === undefined ? [] : limitWords(limits)),
    ...[file, ...args],
  ];
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
  #program: ForkedProgram | undefined;
  isAlive = true;

  get isBusy(): boolean {
    return this.#program !== undefined;
  }

  constructor() {
    this.#child = spawn('/bin/sh', ['-c', SHELL, this.#mark.toString()], {
      stdio: ['pipe', 'pipe', 'ignore', 'pipe', 'pipe', this.#input],
      env: programEnv(),
    });
    // First of all: without it, a shell that cannot be started would end this process.
    this.#child.once('error', this.#end).once('close', this.#end);
    const [requests, told, , stdout, stderr] = this.#child.stdio as unknown as Pipes;
    requests.on('error', this.#end);
    told.setEncoding('utf8').on('data', (text: string) => this.#program?.hear(text));
    stdout.on('data', (chunk: Buffer) => this.#program?.stdout.add(chunk));
    stderr.on('data', (chunk: Buffer) => this.#program?.stderr.add(chunk));
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
    const program = new ForkedProgram(words, { mark: this.#mark, timeoutMs });
    this.#program = program;
    this.#hold(true);
    this.#child.stdin?.write([cwd, words.length, ...words, ''].join('\n'));
    try {
      return await program.ran;
    } finally {
      this.#program = undefined;
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
    this.#program?.fail('the shell that starts programs has ended');
  };
}

/** What keeps this process from ending. */
interface Holding {
  ref(): unknown;
  unref(): unknown;
}

type Pipes = readonly [requests: Writable, told: Readable, none: null, stdout: Readable, stderr: Readable];

function openUnnamedFile(): number {
  const path = join(tmpdir(), `banspool-${randomUUID()}`);
  const file = fs.openSync(path, 'wx+', 0o600);
  fs.unlinkSync(path);
  return file;
}
