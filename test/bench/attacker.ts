/**
 * A host beside the firewall, in a network namespace of its own, that sends datagrams without a pause, from an address
 * that gets banned and from one that never is. When a ban takes effect is told by the packets themselves: the last one
 * of the first address that came through, while those of the second still come.
 */
import { createSocket, type Socket } from 'node:dgram';
import { Child } from '../support/child.ts';
import { outputOf } from '../support/run-program.ts';

export const ATTACKER = '198.51.100.7';
const OTHER = '198.51.100.8';
const FIREWALL = '198.51.100.1';
const HOST = 'attacker';
const PORT = 9999;
const ENTER: readonly string[] = ['ip', 'netns', 'exec', HOST];

/**
 * Four datagrams a millisecond from the one address, which is what the figures are good to, and one from the other. In
 * Perl, whose sleep is short, until it is the turn of another build.
 */
const STREAM = `
use Socket;
my ($to, $port, @from) = @ARGV;
my @sockets = map {
  socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die "socket: $!\\n";
  bind($socket, sockaddr_in(0, inet_aton($_))) or die "$_: $!\\n";
  connect($socket, sockaddr_in($port, inet_aton($to))) or die "$to: $!\\n";
  $socket;
} @from;
for (my $tick = 0; ; $tick++) {
  send($sockets[0], 'x', 0);
  send($sockets[1], 'x', 0) if $tick % 4 == 0;
  select(undef, undef, undef, 0.00025);
}`;

/** So many packets of the other address without one of the attacker's are no pause of the sender's. */
const OTHERS_MEANWHILE = 20;

export class Attacker implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #stream: Child;
  #lastPacket = 0;
  /** How many of the other address came since then. */
  #others = 0;

  private constructor(socket: Socket, stream: Child) {
    this.#socket = socket;
    this.#stream = stream;
    socket.on('message', (_, { address }) => {
      if (address === OTHER) this.#others += 1;
      else [this.#lastPacket, this.#others] = [performance.now(), 0];
    });
  }

  static async start(): Promise<Attacker> {
    await connect();
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => {
      socket.bind(PORT, FIREWALL, resolve);
    });
    const argv = [...ENTER, 'perl', '-e', STREAM, FIREWALL, String(PORT), ATTACKER, OTHER];
    return new Attacker(socket, new Child(argv));
  }

  /** The beginning of a command that runs on that host. */
  readonly enter = ENTER;
  readonly address = ATTACKER;
  readonly target = FIREWALL;
  readonly port = PORT;

  /** Resolves with the time of the last packet, once none came while others did. */
  async silenced(limitMs = 10_000): Promise<number> {
    this.#others = 0;
    return this.#until(limitMs, () => this.#others >= OTHERS_MEANWHILE, 'packets still come');
  }

  /** Resolves when packets come through. */
  async heard(limitMs = 10_000): Promise<number> {
    const since = performance.now();
    return this.#until(limitMs, () => this.#lastPacket > since, 'no packet comes');
  }

  /** Sends nothing until {@link resume}. */
  pause(): void {
    this.#stream.process.kill('SIGSTOP');
  }

  resume(): void {
    this.#stream.process.kill('SIGCONT');
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

/** Makes the host and the cable to it. */
async function connect(): Promise<void> {
  const commands = [
    `ip netns add ${HOST}`,
    `ip link add to-attacker type veth peer name eth0 netns ${HOST}`,
    `ip addr add ${FIREWALL}/24 dev to-attacker`,
    'ip link set to-attacker up',
    `ip -n ${HOST} addr add ${ATTACKER}/24 dev eth0`,
    `ip -n ${HOST} addr add ${OTHER}/24 dev eth0`,
    `ip -n ${HOST} link set eth0 up`,
    `ip -n ${HOST} link set lo up`,
  ];
  for (const command of commands) await outputOf(command.split(' '));
}
