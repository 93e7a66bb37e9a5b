/** What a packet of nobody's costs: the kernel's whole way of a datagram, with no rules and with 100,000 bans. */
import { runProgram } from '../support/run-program.ts';
import type { Attacker } from './attacker.ts';
import { tool } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { settled, startController } from './settled.ts';

const BANS = 100_000;
const ROUNDS = 15;

/** One after the other: what a packet takes is the inverse of how many there are a second. */
const PACKETS = 100_000;

export async function packetPath(attacker: Attacker, bench: Bench): Promise<readonly Figure[]> {
  await using sandbox = await openSandbox(bench);
  claimCrowd(sandbox, crowd(BANS));
  const controller = await startController(sandbox);
  await settled(sandbox);
  await controller.stop();

  const [without, withBans]: [number[], number[]] = [[], []];
  for (let round = 0; round < bench.rounds(ROUNDS); round += 1) {
    await bench.turn();
    withBans.push(await flood(attacker));
    await tool('iptables-nft', ['-D', 'INPUT', ...JUMP]);
    without.push(await flood(attacker));
    await tool('iptables-nft', ['-I', 'INPUT', ...JUMP]);
  }
  return [
    figureOf('a packet, 100,000 bans', withBans, {
      unit: 'µs',
      bare: { what: 'no rules', samples: without },
      goal: { words: 'within 10 % of no rules', most: { ratio: 1.1 } },
    }),
  ];
}

/** Of the chain that holds them all. */
const JUMP = ['-j', 'fail2ban-sshd'];

/** Microseconds a packet. dd writes each block as a datagram, through the whole of the kernel to the other side. */
async function flood(attacker: Attacker): Promise<number> {
  const script = `dd if=/dev/zero bs=64 count=${PACKETS} >/dev/udp/${attacker.target}/${attacker.port}`;
  const startedAt = performance.now();
  const ran = await runProgram([...attacker.enter, 'bash', '-c', script], { timeLimitMs: 60_000 });
  const milliseconds = performance.now() - startedAt;
  if (ran.code !== 0) throw new Error(ran.stderr);
  return (milliseconds * 1000) / PACKETS;
}
