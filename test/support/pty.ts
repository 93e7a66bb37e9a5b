/** A program on a terminal of its own, 80 by 24 unless told otherwise, as script(1) gives it one. */
import { spawn, type ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export class Pty implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly ended: Promise<number | string>;
  /** All that was written to the terminal. */
  output = '';

  /** `script`: a shell's, whose last word is for the terminal too. */
  constructor(script: string, env: Readonly<NodeJS.ProcessEnv> = {}) {
    this.process = spawn('script', ['-qfec', `stty rows 24 cols 80; ${script}`, '/dev/null'], {
      env: { ...process.env, TERM: 'xterm', LANG: 'C.UTF-8', SHELL: '/bin/sh', ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    running.add(this.process);
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.process.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.process.on('close', (code, signal) => {
        running.delete(this.process);
        resolve(code ?? String(signal));
      });
    });
  }

  /** Presses keys. */
  type(text: string): void {
    this.process.stdin?.write(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}
