/** The other end of sd_notify: what systemd would hear. */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Child } from './child.ts';
import { eventually } from './eventually.ts';

/**
 * Perl, which every Debian has, since Node cannot open such a socket. `recv` takes no descriptors, so the one that a
 * sender passes along to learn that it was heard (sd_notify_barrier(3)) is closed by the kernel: that is the answer.
 */
const LISTENER = `
  use Socket;
  $| = 1;
  socket(SOCKET, AF_UNIX, SOCK_DGRAM, 0) && bind(SOCKET, pack_sockaddr_un($ARGV[0])) or die $!;
  print while defined recv(SOCKET, $_, 65536, 0);
`;

export class NotifySocket implements AsyncDisposable {
  readonly path = join(mkdtempSync('/run/notify-'), 'socket');
  readonly #listener: Child;

  private constructor() {
    this.#listener = new Child(['perl', '-e', LISTENER, this.path]);
  }

  static async open(): Promise<NotifySocket> {
    const socket = new NotifySocket();
    await eventually(() => {
      if (!existsSync(socket.path)) throw new Error(`perl does not listen: ${socket.#listener.stderr}`);
    });
    return socket;
  }

  /** All that came so far, one message after the other without anything between. */
  get heard(): string {
    return this.#listener.stdout;
  }

  /** Reads nothing until {@link resume}, as a busy systemd does. */
  async pause(): Promise<void> {
    this.#listener.process.kill('SIGSTOP');
    // A process that was not at the processor since may still take what comes meanwhile.
    await eventually(() => {
      const stat = readFileSync(`/proc/${this.#listener.pid}/stat`, 'utf8');
      if (!stat.includes(') T ')) throw new Error(`perl does not stop: ${stat}`);
    });
  }

  resume(): void {
    this.#listener.process.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
  }
}

/** Waits until a message came that looks so. */
export async function untilHeard(socket: NotifySocket, message: RegExp): Promise<void> {
  await eventually(() => {
    assert.match(socket.heard, message);
  });
}
