/**
 * What it costs a packet that a set counts: the processor's time for the whole way of a datagram to the firewall, into
 * the same set with and without counters, in turns.
 */
import { runProgram } from '../support/run-program.ts';
import type { Attacker } from './attacker.ts';
import { tool } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const MEMBERS = 10_000;
const ROUNDS = 15;
const PACKETS = 100_000;

const [SET, OTHER, LOOKED_INTO] = ['without', 'with', 'looked-into'];

/** A packet of a member of the set, and one of nobody. */
export async function counters(attacker: Attacker): Promise<readonly Figure[]> {
  await fill(SET, '', attacker);
  await fill(OTHER, ' counters', attacker);
  await tool('ipset', ['rename', SET, LOOKED_INTO]);
  await tool('iptables-nft', ['-I', 'INPUT', ...RULE]);
  const dropped = await inTurns(attacker);
  await tool('ipset', ['del', LOOKED_INTO, attacker.address]);
  await tool('ipset', ['del', OTHER, attacker.address]);
  const passed = await inTurns(attacker);
  await tool('iptables-nft', ['-D', 'INPUT', ...RULE]);
  return [
    compare('processor for a packet of a member of a set that counts', dropped),
    compare('processor for a packet of nobody, past a set that counts', passed),
  ];
}

const RULE = ['-m', 'set', '--match-set', LOOKED_INTO, 'src', '-j', 'DROP'];

async function fill(set: string, counting: string, { address }: Attacker): Promise<void> {
  const lines = [address, ...crowd(MEMBERS - 1)].map((member) => `add ${set} ${member} timeout 0\n`);
  const options = `hash:net family inet hashsize 4096 maxelem 65536 timeout 0${counting}`;
  await tool('ipset', ['restore'], `create ${set} ${options}\n${lines.join('')}`);
}

interface Turns {
  readonly without: readonly number[];
  readonly counting: readonly number[];
}

/** The set that counts is put in the place of the one that does not, and the reverse. */
async function inTurns(attacker: Attacker): Promise<Turns> {
  const [without, counting]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const samples of [without, counting]) {
      samples.push(await send(attacker));
      await tool('ipset', ['swap', LOOKED_INTO, OTHER]);
    }
  return { without, counting };
}

function compare(name: string, { without, counting }: Turns): Figure {
  return figureOf(name, counting, {
    unit: 'µs',
    bare: { what: 'the same set without counters', samples: without },
    goal: { words: 'within 5 % of it', most: { ratio: 1.05 } },
  });
}

/** One after the other, through the whole of the kernel to the other side; it prints its own time of the processor. */
const SEND = `
use Socket;
my ($to, $port, $count) = @ARGV;
socket(my $socket, PF_INET, SOCK_DGRAM, 0) or die;
connect($socket, sockaddr_in($port, inet_aton($to))) or die;
my $content = 'x' x 64;
my ($user, $system) = times;
send($socket, $content, 0) for 1 .. $count;
my ($user_then, $system_then) = times;
print $user_then + $system_then - $user - $system;
`;

/** Microseconds a packet. */
async function send({ enter, target, port }: Attacker): Promise<number> {
  const ran = await runProgram([...enter, 'perl', '-e', SEND, target, String(port), String(PACKETS)]);
  if (ran.code !== 0) throw new Error(ran.stderr);
  return (Number(ran.stdout) * 1e6) / PACKETS;
}
