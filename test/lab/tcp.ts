/** Real TCP, as an attacker and a server do it. */
import { connect, createServer, type Socket } from 'node:net';
import type { Outcome, Target } from './agent-messages.ts';

/** Serves until the process ends; every line comes back. */
export async function listen(port: number): Promise<void> {
  const server = createServer((socket) => {
    // A client that was cut off is no news in a lab.
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '::', resolve);
  });
}

/** One new connection: whether a line sent over it comes back in time. */
export async function tryConnection(target: Target, timeoutMs: number): Promise<Outcome> {
  const socket = open(target);
  try {
    return await talk(socket, timeoutMs);
  } finally {
    socket.destroy();
  }
}

/** Begins a connection; it may not stand yet. What ends it is told by its close. */
export function open({ address, port }: Target): Socket {
  return connect({ host: address, port, noDelay: true }).on('error', () => undefined);
}

/** Sends a line and waits for anything to come back. */
export async function talk(socket: Socket, timeoutMs: number): Promise<Outcome> {
  if (socket.destroyed) return 'refused';
  return new Promise((resolve) => {
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      socket.off('data', answered).off('close', refused);
      resolve(outcome);
    };
    const answered = (): void => {
      end('answered');
    };
    const refused = (): void => {
      end('refused');
    };
    // What arrived while the processor was elsewhere is read first, and counts as in time.
    const timer = setTimeout(() => setImmediate(end, 'silent'), timeoutMs);
    socket.once('data', answered).once('close', refused).write('hello\n');
  });
}
