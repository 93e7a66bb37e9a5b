/**
 * What a banned host's packets cost a firewall that forwards: dropped in FORWARD as bans are, and in `raw` ahead of
 * connection tracking, by the same set. It takes the processor's time of the whole way from the sender's call to the
 * drop, since all of a packet's way is gone in it, and beside it that of packets that end before the firewall's card.
 */
import { runProgram } from '../support/run-program.ts';
import { tool } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const MEMBERS = 100_000;
const ROUNDS = 7;
const PACKETS = 200_000;
const ROUND_TRIPS = 2_000;

/** The firewall is in the middle; each host has a cable to it, and a network of its own. */
const HOSTS = { attacker: '198.51.100.7', good: '192.0.2.9', server: '203.0.113.2' } as const;

type Host = keyof typeof HOSTS;

/** A network of the attacker's that no cable leads to: packets to it take all of a packet's way but the firewall's. */
const NOWHERE = '198.18.0.2';

const SET = 'early-test';
const MATCH = ['-m', 'set', '--match-set', SET, 'src', '-j', 'DROP'];
const FILTER = ['FORWARD', ...MATCH];
const RAW = ['PREROUTING', ...MATCH];

/** As rules of firewalls have it; while it stands, the kernel tracks the connections of this namespace. */
const TRACKED = ['FORWARD', '-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED', '-j', 'ACCEPT'];

export async function early(): Promise<readonly Figure[]> {
  try {
    await lay();
    const figures: Figure[] = [];
    for (const variant of ['nft', 'legacy'] as const) figures.push(...(await measure(`iptables-${variant}`)));
    return figures;
  } finally {
    for (const host of Object.keys(HOSTS)) await runProgram(['ip', 'netns', 'delete', host]);
  }
}

async function measure(iptables: string): Promise<readonly Figure[]> {
  await tool(iptables, ['-A', ...FILTER]);
  await tool(iptables, ['-A', ...TRACKED]);
  const turn = async (where: 'raw' | 'filter'): Promise<void> => {
    await tool(iptables, ['-t', 'raw', where === 'raw' ? '-I' : '-D', ...RAW]);
  };
  const figures = [
    ...(await dropped(iptables, 'of one flow', { flows: 1, turn })),
    ...(await dropped(iptables, 'each of a new flow', { flows: 50_000, turn })),
    ...(await passed(iptables, turn)),
  ];
  await tool(iptables, ['-D', ...TRACKED]);
  await tool(iptables, ['-D', ...FILTER]);
  return figures;
}

type Turn = (where: 'raw' | 'filter') => Promise<void>;

/** In turns: sent to nowhere, dropped in FORWARD, dropped in PREROUTING. */
async function dropped(
  iptables: string,
  which: string,
  { flows, turn }: { readonly flows: number; readonly turn: Turn },
): Promise<readonly Figure[]> {
  const [nowhere, inFilter, inRaw]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    nowhere.push(await send('attacker', NOWHERE, flows));
    inFilter.push(await send('attacker', HOSTS.server, flows));
    await turn('raw');
    inRaw.push(await send('attacker', HOSTS.server, flows));
    await turn('filter');
  }
  const less = (samples: readonly number[]): readonly number[] =>
    samples.map((sample, round) => sample - (nowhere[round] ?? Number.NaN));
  const name = `${iptables}, a banned host's packet, ${which}`;
  return [
    figureOf(`${name}: the whole way until raw drops it`, inRaw, {
      unit: 'µs',
      bare: { what: 'until FORWARD drops it', samples: inFilter },
    }),
    figureOf(`${name}: the firewall's part of it`, less(inRaw), {
      unit: 'µs',
      bare: { what: 'until FORWARD drops it', samples: less(inFilter) },
      goal: { words: 'worth it to 0.67', most: { ratio: 0.67 } },
    }),
  ];
}

/** What one more look into a set costs those who are not in it, and how long they wait while the other floods. */
async function passed(iptables: string, turn: Turn): Promise<readonly Figure[]> {
  const [without, withRaw]: [number[], number[]] = [[], []];
  const [besideFilter, besideRaw]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    without.push(await send('good', HOSTS.server, 1));
    besideFilter.push(await besideFlood());
    await turn('raw');
    withRaw.push(await send('good', HOSTS.server, 1));
    besideRaw.push(await besideFlood());
    await turn('filter');
  }
  return [
    figureOf(`${iptables}, a packet of nobody's, forwarded, past the set in raw and in FORWARD`, withRaw, {
      unit: 'µs',
      bare: { what: 'past the set in FORWARD', samples: without },
    }),
    figureOf(`${iptables}, a round trip of a good host during the flood, dropped in raw`, besideRaw, {
      unit: 'µs',
      bare: { what: 'dropped in FORWARD', samples: besideFilter },
    }),
  ];
}

/** Makes the hosts, the cables, the set with the attacker in it, and a server that answers on one port. */
async function lay(): Promise<void> {
  const commands = [
    ...Object.entries(HOSTS).flatMap(([host, address]) => {
      const gateway = address.replace(/\d+$/, '1');
      return [
        `ip netns add ${host}`,
        `ip link add to-${host} type veth peer name eth0 netns ${host}`,
        `ip addr add ${gateway}/24 dev to-${host}`,
        `ip link set to-${host} up`,
        `ip -n ${host} addr add ${address}/24 dev eth0`,
        `ip -n ${host} link set eth0 up`,
        `ip -n ${host} route add default via ${gateway}`,
      ];
    }),
    // A bridge without a card: it lets go of what is sent into it.
    'ip -n attacker link add nowhere type bridge',
    'ip -n attacker addr add 198.18.0.1/24 dev nowhere',
    'ip -n attacker link set nowhere up',
    `ip -n attacker neigh add ${NOWHERE} lladdr 02:00:00:00:00:02 dev nowhere`,
    'sysctl -q -w net.ipv4.ip_forward=1',
  ];
  for (const command of commands) {
    const [file = '', ...args] = command.split(' ');
    await tool(file, args);
  }
  const members = [HOSTS.attacker, ...crowd(MEMBERS - 1)].map((member) => `add ${SET} ${member} timeout 0\n`);
  const options = 'hash:net family inet hashsize 32768 maxelem 262144 timeout 0 counters';
  await tool('ipset', ['restore'], `create ${SET} ${options}\n${members.join('')}`);
}

/** Datagrams to as many ports in turns; it prints its own time of the processor, in nanoseconds. */
const SEND = `
use Socket; use Time::HiRes qw(clock_gettime CLOCK_PROCESS_CPUTIME_ID);
my ($to, $count, $flows) = @ARGV;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die;
my @to = map { scalar sockaddr_in(1024 + $_, inet_aton($to)) } 1 .. $flows;
my ($content, $next) = ('x' x 64, 0);
my $since = clock_gettime(CLOCK_PROCESS_CPUTIME_ID);
for (1 .. $count) { send($socket, $content, 0, $to[$next]); $next = 0 if ++$next == $flows }
printf '%d', (clock_gettime(CLOCK_PROCESS_CPUTIME_ID) - $since) * 1e9;
`;

/** Microseconds of the processor for a packet: all that the kernel does with it, it does in the sender's call. */
async function send(host: Host, to: string, flows: number): Promise<number> {
  const argv = ['ip', 'netns', 'exec', host, 'perl', '-e', SEND, to, String(PACKETS), String(flows)];
  const ran = await runProgram(argv, { timeLimitMs: 60_000 });
  if (ran.code !== 0) throw new Error(ran.stderr);
  return Number(ran.stdout) / 1000 / PACKETS;
}

/** Answers each datagram until its parent ends it. */
const ANSWER = `
use Socket;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die;
bind($socket, sockaddr_in(7, INADDR_ANY)) or die;
syswrite STDOUT, "ready\\n";
while (defined(my $from = recv($socket, my $content, 64, 0))) { send($socket, $content, 0, $from) }
`;

/** One after the other; it prints the median of how long an answer took, in nanoseconds. */
const ASK = `
use Socket; use Time::HiRes qw(time);
my ($to, $count) = @ARGV;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die;
setsockopt($socket, SOL_SOCKET, SO_RCVTIMEO, pack('l!l!', 5, 0)) or die;
connect($socket, sockaddr_in(7, inet_aton($to))) or die;
my @took = sort { $a <=> $b } map {
  my $since = time; send($socket, 'x', 0); recv($socket, my $got, 64, 0) // die 'no answer'; time - $since;
} 1 .. $count;
printf '%d', $took[@took / 2] * 1e9;
`;

/** Microseconds of a round trip, while the attacker sends all the time: each on its own core where there are two. */
async function besideFlood(): Promise<number> {
  const script = `
    ip netns exec server perl -e "$1" | {
      read -r ready
      ip netns exec attacker perl -e "$2" "$4" 100000000 50000 >/dev/null & flood=$!
      ip netns exec good perl -e "$3" "$4" "$5"; code=$?
      kill $flood; ip netns pids server | xargs kill
      exit $code
    }`;
  const words = [ANSWER, SEND, ASK, HOSTS.server, String(ROUND_TRIPS)];
  const ran = await runProgram(['sh', '-c', script, 'sh', ...words], { timeLimitMs: 60_000 });
  if (ran.code !== 0) throw new Error(ran.stderr);
  return Number(ran.stdout) / 1000;
}
