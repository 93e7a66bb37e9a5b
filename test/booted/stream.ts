/** Packets that keep coming: from an address that is banned, and from one that is not, to see that any could come. */
import { createSocket, type Socket } from 'node:dgram';
import { ADDRESSES, ADDRESSES6 } from './network.ts';

/** Between two packets: a gap of a few milliseconds must show. */
const EVERY_MS = 2;

/** Any port; nothing listens there, and nothing has to. */
export const STREAM_PORT = 4321;

export class Stream implements AsyncDisposable {
  readonly #sockets: readonly Source[];
  #timer: NodeJS.Timeout | undefined;

  private constructor(sockets: readonly Source[]) {
    this.#sockets = sockets;
  }

  static async open(): Promise<Stream> {
    const sources = [ADDRESSES, ADDRESSES6].flatMap((addresses) =>
      [addresses.attacker, addresses.bystander].map(async (from) => ({
        socket: await openSocket(from),
        targets: [addresses.web1, addresses.web2],
      })),
    );
    return new Stream(await Promise.all(sources));
  }

  /** Begins to send from both addresses of each family to both servers. */
  start(): void {
    this.#timer = setInterval(() => {
      for (const { socket, targets } of this.#sockets) {
        // While the firewall is down there is no way there, which is no failure.
        for (const target of targets) socket.send('', STREAM_PORT, target, () => undefined);
      }
    }, EVERY_MS);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all(
      this.#sockets.map(({ socket }) => new Promise<void>((resolve) => socket.close(resolve))),
    );
  }
}

interface Source {
  readonly socket: Socket;
  readonly targets: readonly string[];
}

function openSocket(address: string): Promise<Socket> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.bind(0, address, () => {
      resolve(socket);
    });
  });
}
