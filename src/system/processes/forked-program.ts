/** One program that the fork server's shell runs: what it writes and how it ends, pieced together from what comes. */
import { BanspoolError } from '../error.ts';
import { KILL_DELAY_MS, MAX_OUTPUT_CHARS, type Ran } from './run.ts';

export class ForkedProgram {
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
    const length = Math.max(this.stdout.length, this.stderr.length);
    if (length > MAX_OUTPUT_CHARS && this.#failure === undefined) {
      const message = `${this.#command} printed more than ${MAX_OUTPUT_CHARS / 1e6} MB`;
      this.#stop('SIGKILL', new BanspoolError('too-much-output', message));
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

/**
 * What a program wrote on one of its outputs, up to the mark. What comes after that is of a child that outlived it, as
 * the ssh of a git that was killed.
 */
class Output {
  readonly #mark: Buffer;
  readonly #changed: () => void;
  readonly #chunks: Buffer[] = [];
  #tail = Buffer.alloc(0);
  /** Without the mark, once it is whole. */
  length = 0;
  isWhole = false;

  constructor(mark: Buffer, changed: () => void) {
    this.#mark = mark;
    this.#changed = changed;
  }

  add(chunk: Buffer): void {
    if (this.isWhole) return;
    const end = Buffer.concat([this.#tail, chunk]);
    const at = end.indexOf(this.#mark);
    this.isWhole = at !== -1;
    this.#chunks.push(chunk);
    this.length += this.isWhole ? at - this.#tail.length : chunk.length;
    this.#tail = end.subarray(1 - this.#mark.length);
    this.#changed();
  }

  /** Without the line feed at its end, as execa gives it. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    let end = this.length;
    if (bytes[end - 1] === LINE_FEED) end -= bytes[end - 2] === CARRIAGE_RETURN ? 2 : 1;
    return bytes.toString('utf8', 0, end);
  }
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
