/** The other end of sd_notify: what systemd would hear. */
import { existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from './child.ts';
import { eventually } from './eventually.ts';

export class NotifySocket implements AsyncDisposable {
  readonly path = join(mkdtempSync('/run/notify-'), 'socket');
  readonly #listener: Child;

  private constructor() {
    this.#listener = new Child(['socat', '-u', `UNIX-RECV:${this.path}`, 'STDOUT']);
  }

  static async open(): Promise<NotifySocket> {
    const socket = new NotifySocket();
    await eventually(() => {
      if (!existsSync(socket.path)) throw new Error(`socat does not listen: ${socket.#listener.stderr}`);
    });
    return socket;
  }

  /** All that came so far, one message after the other without anything between. */
  get heard(): string {
    return this.#listener.stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
  }
}
