/**
 * A program that stands by and is asked by lines: to start one takes 20 times as long as what it then does. It answers
 * one question at a time, within a limit; what it cannot be asked is for a process of its own. When it ends it is
 * started again, later each time until it answers, and when its file has changed, as by an upgrade of its package.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import * as fs from 'node:fs';
import { pathOf, programEnv } from './run.ts';
import { startChild } from './start-child.ts';

export interface Question {
  readonly text: string;
  /** Looks whether what was said by now is the answer; `wrong` where it cannot become one any more. */
  readonly look: (said: Said) => 'answer' | 'wrong' | 'unfinished';
}

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

export type Answer =
  /** It could not be asked, and did nothing. */
  | { readonly kind: 'unasked' }
  | { readonly kind: 'answered'; readonly pid: number; readonly said: Said }
  /** It ended by itself, with an exit code that tells of a failure. */
  | { readonly kind: 'failed'; readonly pid: number }
  /** It is gone without an answer: what of the text it did is not known. */
  | { readonly kind: 'unknown'; readonly pid: number };

interface StandingOptions {
  readonly file: string;
  readonly args: readonly string[];
  /** What it is asked first, which must change nothing: until it answers it is asked nothing else. */
  readonly greeting: () => Question;
  readonly limitMs?: number;
}

/** It waits up to 10 s for the lock of iptables-legacy, but so can the process that takes its place. */
const LIMIT_MS = 3_000;

/** How long a killed program may take to be gone. */
const GONE_MS = 2_000;

/** After the first question, which a process answers meanwhile: Node holds everything up while it starts another. */
const SOON_MS = 50;

const FIRST_WAIT_MS = 1_000;
const MAX_WAIT_MS = 60_000;

const MAX_SAID_CHARS = 4_000_000;

const UNASKED: Answer = { kind: 'unasked' };

export class StandingProgram {
  readonly #options: StandingOptions;
  #one: OneProcess | undefined;
  #wait = SOON_MS;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: StandingOptions) {
    this.#options = options;
  }

  /** Where none stands by, one is woken. */
  async ask(question: Question): Promise<Answer> {
    const one = this.#one;
    this.wake();
    if (one?.isReady !== true || one.isAsked) return UNASKED;
    const { file, limitMs = LIMIT_MS } = this.#options;
    const answer = await one.ask(question, limitMs);
    if (answer.kind === 'answered') this.#wait = SOON_MS;
    // Not ahead of the question, for which a ban waits: once more the one that was replaced does as well.
    if (one.version !== versionOf(file)) one.kill();
    return answer;
  }

  /** What it is asked after that is unasked. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#one?.kill();
  }

  /** Has one stand by a little later, where none does. */
  wake(): void {
    if (this.#isClosed || this.#one !== undefined || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#start();
    }, this.#wait).unref();
  }

  #start(): void {
    const { file, args, greeting, limitMs = LIMIT_MS } = this.#options;
    const version = versionOf(file);
    if (version === undefined) return;
    let one: OneProcess;
    try {
      one = new OneProcess(file, args, version);
    } catch {
      // Too many files are open, or too little memory is left.
      this.#startLater();
      return;
    }
    this.#one = one;
    void one.gone.then(() => {
      this.#one = undefined;
      this.#startLater();
    });
    void one.ask(greeting(), limitMs).then(({ kind }) => {
      one.isReady = kind === 'answered';
    });
  }

  #startLater(): void {
    this.#wait = Math.min(Math.max(this.#wait * 2, FIRST_WAIT_MS), MAX_WAIT_MS);
    this.wake();
  }
}

class OneProcess {
  readonly version: string;
  /** It answered the greeting. */
  isReady = false;
  readonly gone: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  /** Since the last answer. */
  #said: { stdout: string; stderr: string } = { stdout: '', stderr: '' };
  #heard: (() => void) | undefined;
  #exitCode: number | null | undefined;

  constructor(file: string, args: readonly string[], version: string) {
    this.version = version;
    // In a session of its own, so that Ctrl-C in a terminal lets the pass under way come to its end.
    const child = startChild(() => spawn(file, args, { cwd: '/', detached: true, env: programEnv() }));
    this.#child = child;
    this.gone = new Promise((resolve) => {
      const end = (code: number | null): void => {
        this.isReady = false;
        this.#exitCode ??= code;
        this.#heard?.();
        resolve();
      };
      child.once('error', () => {
        if (child.pid === undefined) end(null);
      });
      child.once('close', end);
    });
    child.stdin.on('error', () => undefined);
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (text: string) => {
        if (this.#said[name].length <= MAX_SAID_CHARS) this.#said[name] += text;
        this.#heard?.();
      });
    this.#hold(false);
  }

  get isAsked(): boolean {
    return this.#heard !== undefined;
  }

  /** To be called once the last answer has come. */
  async ask({ text, look }: Question, limitMs: number): Promise<Answer> {
    const pid = this.#child.pid ?? 0;
    this.#hold(true);
    let timer: NodeJS.Timeout | undefined;
    const found = await new Promise<ReturnType<Question['look']>>((resolve) => {
      this.#heard = (): void => {
        const seen = look(this.#said);
        if (seen !== 'unfinished') resolve(seen);
        else if (this.#exitCode !== undefined || this.#isTooLong) resolve('wrong');
      };
      timer = setTimeout(resolve, limitMs, 'wrong');
      this.#child.stdin.write(text);
      this.#heard();
    });
    clearTimeout(timer);
    this.#heard = undefined;
    const said = this.#said;
    this.#said = { stdout: '', stderr: '' };
    if (found !== 'answer') await this.#end();
    this.#hold(false);
    if (found === 'answer') return { kind: 'answered', pid, said };
    return { kind: (this.#exitCode ?? 0) > 0 ? 'failed' : 'unknown', pid };
  }

  kill(): void {
    this.isReady = false;
    this.#child.kill('SIGKILL');
  }

  get #isTooLong(): boolean {
    return this.#said.stdout.length > MAX_SAID_CHARS || this.#said.stderr.length > MAX_SAID_CHARS;
  }

  /** Whatever it does is over once it is gone. */
  async #end(): Promise<void> {
    this.kill();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, GONE_MS)));
    await Promise.race([this.gone, late]);
    clearTimeout(timer);
  }

  /** Only while it is asked does this process wait for it. */
  #hold(isHeld: boolean): void {
    for (const each of [this.#child, ...this.#child.stdio] as readonly (Holding | null)[]) {
      if (isHeld) each?.ref();
      else each?.unref();
    }
  }
}

/** What keeps this process from ending. */
interface Holding {
  ref(): unknown;
  unref(): unknown;
}

/** Differs once another file is in its place; undefined where it is not installed. */
function versionOf(file: string): string | undefined {
  const path = pathOf(file);
  const stat = path === undefined ? undefined : fs.statSync(path, { throwIfNoEntry: false });
  return stat === undefined
    ? undefined
    : `${stat.dev}:${stat.ino}:${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}`;
}
