/**
 * A host beside the firewall, in a network namespace of its own, that sends datagrams without a pause. When a ban takes
 * effect is told by the packets themselves: the last one that came through.
 */
import { createSocket, type Socket } from 'node:dgram';
import { Child } from '../support/child.ts';
import { outputOf } from '../support/run-program.ts';

export const ATTACKER = '198.51.100.7';
const FIREWALL = '198.51.100.1';
const HOST = 'attacker';
const PORT = 9999;
const ENTER: readonly string[] = ['ip', 'netns', 'exec', HOST];

/** One datagram a millisecond: what the figures are good to. */
const STREAM = `
  const socket = require('node:dgram').createSocket('udp4');
  setInterval(() => { socket.send('x', ${PORT}, '${FIREWALL}', () => undefined); }, 1);`;

export class Attacker implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #stream: Child;
  #lastPacket = 0;

  private constructor(socket: Socket, stream: Child) {
    this.#socket = socket;
    this.#stream = stream;
    socket.on('message', () => {
      this.#lastPacket = performance.now();
    });
  }

  static async start(): Promise<Attacker> {
    await connect();
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => {
      socket.bind(PORT, FIREWALL, resolve);
    });
    const argv = [...ENTER, process.execPath, '-e', STREAM];
    return new Attacker(socket, new Child(argv));
  }

  /** The beginning of a command that runs on that host. */
  readonly enter = ENTER;
  readonly address = ATTACKER;
  readonly target = FIREWALL;
  readonly port = PORT;

  /** Resolves with the time of the last packet, once none came for a while. */
  async silenced(limitMs = 10_000): Promise<number> {
    return this.#until(
      limitMs,
      () => performance.now() - this.#lastPacket > SILENCE_MS,
      'packets still come',
    );
  }

  /** Resolves when packets come through. */
  async heard(limitMs = 10_000): Promise<number> {
    const since = performance.now();
    return this.#until(limitMs, () => this.#lastPacket > since, 'no packet comes');
  }

  async #until(limitMs: number, isSo: () => boolean, otherwise: string): Promise<number> {
    const deadline = performance.now() + limitMs;
    while (!isSo()) {
      if (performance.now() > deadline)
        throw new Error(`${otherwise} after ${limitMs} ms ${this.#stream.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return this.#lastPacket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
    this.#socket.close();
    // The kernel takes a namespace down in its own time, and its cable with it: the next host has one of the same name.
    await outputOf(['ip', 'link', 'delete', 'to-attacker']);
    await outputOf(['ip', 'netns', 'delete', HOST]);
  }
}

/** So long without a packet is no pause of the sender's. */
export const SILENCE_MS = 60;

/** Makes the host and the cable to it. */
async function connect(): Promise<void> {
  const commands = [
    `ip netns add ${HOST}`,
    `ip link add to-attacker type veth peer name eth0 netns ${HOST}`,
    `ip addr add ${FIREWALL}/24 dev to-attacker`,
    'ip link set to-attacker up',
    `ip -n ${HOST} addr add ${ATTACKER}/24 dev eth0`,
    `ip -n ${HOST} link set eth0 up`,
    `ip -n ${HOST} link set lo up`,
  ];
  for (const command of commands) await outputOf(command.split(' '));
}
