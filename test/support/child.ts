/** A process that runs beside a test, and never outlives it. */
import { spawn, type ChildProcess } from 'node:child_process';

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** `ipc` opens a channel for messages as well. */
  readonly ipc?: boolean;
}

/** One listener: a lab runs many of them at once. */
const running = new Set<Child>();
process.on('exit', () => {
  for (const child of running) child.process.kill('SIGKILL');
});

export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  stdout = '';
  stderr = '';

  constructor([file = '', ...args]: readonly string[], { env = process.env, ipc }: ChildOptions = {}) {
    this.process = spawn(file, args, {
      env,
      stdio: ['ignore', 'pipe', 'pipe', ...(ipc === true ? (['ipc'] as const) : [])],
    });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    running.add(this);
    this.ended = new Promise((resolve) => {
      this.process.on('error', (error) => {
        this.stderr += error.message;
        resolve(error.message);
      });
      this.process.on('close', (exitCode, signal) => {
        running.delete(this);
        resolve(exitCode ?? String(signal));
      });
    });
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Sends a signal and waits for the end. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    this.process.kill(signal);
    return this.ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
  }
}
