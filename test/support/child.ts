/** A process that runs beside a test, and never outlives it. */
import { spawn, type ChildProcess } from 'node:child_process';

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** `ipc` opens a channel for messages as well. */
  readonly ipc?: boolean;
}

export class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  stdout = '';
  stderr = '';
  readonly #killNow = (): void => {
    this.process.kill('SIGKILL');
  };

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
    process.on('exit', this.#killNow);
    this.ended = new Promise((resolve) => {
      this.process.on('error', (error) => {
        this.stderr += error.message;
        resolve(error.message);
      });
      this.process.on('close', (exitCode, signal) => {
        process.off('exit', this.#killNow);
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
