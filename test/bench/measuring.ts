/**
 * One scenario of one build, measured in a process group and namespaces of its own. Nothing of it outlives this
 * process, even where that is killed: one of the group waits for the end of a pipe that this process alone holds.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { inNamespaces } from '../support/namespaces.ts';
import type { Build } from './bench.ts';
import type { Figure } from './figure.ts';
import type { Player } from './take-turns.ts';
import type { Told } from './worker.ts';

export interface Asked {
  readonly scenario: string;
  readonly build: Build;
  readonly rounds: string | undefined;
}

const WORKER = join(import.meta.dirname, 'worker.js');

/** It must not hold the output open, nor the channel. */
const LIVE_WITH_PARENT = '{ read -r _ <&4; kill -KILL 0; } >/dev/null 2>&1 3>&- & exec "$@" 4<&-';

export class Measuring implements Player {
  /** The figures, or why there are none. */
  result: readonly Figure[] | string = 'it was not measured';
  readonly #child: ChildProcess;
  /** What it tells next; `undefined` is its end. */
  #hear: (told: Told | undefined) => void = () => undefined;
  #waits: Promise<boolean>;

  constructor({ scenario, build, rounds }: Asked) {
    const words = [WORKER, scenario, JSON.stringify(build), ...(rounds === undefined ? [] : [rounds])];
    const node = [process.execPath, ...process.execArgv];
    const { file, args, env } = inNamespaces(['sh', '-c', LIVE_WITH_PARENT, 'sh', ...node, ...words]);
    this.#child = spawn(file, args, {
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
    });
    process.on('exit', this.#kill);
    this.#waits = this.#untilItWaits();
    this.#child.on('message', (told) => {
      this.#hear(told as Told);
    });
    this.#child.on('error', (error) => {
      this.result = error.message;
      this.#end();
    });
    this.#child.on('exit', (code, signal) => {
      if (typeof this.result === 'string' && code !== 0)
        this.result = `ended by ${signal ?? `exit code ${code ?? 0}`}`;
      this.#end();
    });
  }

  async play(): Promise<boolean> {
    if (!(await this.#waits)) return false;
    this.#waits = this.#untilItWaits();
    this.#child.send('go');
    return this.#waits;
  }

  async #untilItWaits(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#hear = (told) => {
        if (told?.kind === 'measured') this.result = told.figures;
        else if (told?.kind === 'failed') this.result = told.why;
        else resolve(told !== undefined);
      };
    });
  }

  #end(): void {
    this.#kill();
    process.off('exit', this.#kill);
    this.#hear(undefined);
  }

  readonly #kill = (): void => {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, 'SIGKILL');
    } catch {
      // All of it has ended already.
    }
  };
}
