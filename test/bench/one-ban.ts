/** From the rename of an intent in the spool to the last packet of the address, with so many bans there already. */
import { setTimeout as delay } from 'node:timers/promises';
import { banText, unbanText } from '../support/intent-text.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { ATTACKER, type Attacker } from './attacker.ts';
import { copyFirewall, timeOf, type Tool } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { cpuOf } from './fleet/cpu.ts';
import { figureOf, type Goal } from './figure.ts';
import { program, withAttacker, type Scenario } from './scenario.ts';
import { settled, startController } from './settled.ts';

const ROUNDS = 60;

/** Before a call of the bare tool. */
const BARE_REST_MS = 60;

/** In one chain; above, it is a set. */
const MOST_RULES = 1_000;

/** A ban with `there` others in the same chain. */
export function oneBan(there: number, goal: Goal): Scenario {
  return program(
    withAttacker(async (attacker, bench) => {
      const isSet = there > MOST_RULES;
      const { samples, bare, cpu } = await measure(attacker, bench, there);
      const what = `one ban, ${there.toLocaleString('en-US')} there`;
      return [
        figureOf(what, samples, {
          bare: { what: isSet ? 'ipset add' : 'iptables-restore', samples: bare },
          goal,
        }),
        figureOf(`${what}, CPU of it, its end and both commits`, [cpu]),
      ];
    }),
  );
}

interface Bans {
  readonly samples: readonly number[];
  readonly bare: readonly number[];
  /** Milliseconds of a round. */
  readonly cpu: number;
}

async function measure(attacker: Attacker, bench: Bench, there: number): Promise<Bans> {
  await using sandbox = await openSandbox(bench, { backend: there > MOST_RULES ? 'ipset' : 'rules' });
  if (there > 0) claimCrowd(sandbox, crowd(there));
  const controller = await startController(sandbox);
  await settled(sandbox);
  const before = cpuOf(controller.pid);
  const rounds = bench.rounds(ROUNDS);
  const tool = await copyFirewall();
  const [samples, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    await bench.turn();
    samples.push(await timeBan(sandbox, attacker));
    // As the controller does: not one call right after the other, with all that it needs still in the caches.
    await delay(BARE_REST_MS);
    bare.push(await timeOf(() => bareBan(tool, `198.18.0.${round}`, there)));
  }
  const cpu = (cpuOf(controller.pid) - before) / rounds;
  return { samples, bare, cpu };
}

/** From the file to the last packet; then the address is let through again, and all is committed. */
export async function timeBan(sandbox: Sandbox, attacker: Attacker): Promise<number> {
  await attacker.heard();
  const droppedAt = performance.now();
  sandbox.drop('web1', banText(ATTACKER, { protocol: 'all', ports: 'all' }));
  const took = (await attacker.silenced()) - droppedAt;
  sandbox.drop('web1', unbanText(ATTACKER));
  await settled(sandbox);
  return took;
}

/** Where the others stand, or else where there is always a chain. */
async function bareBan(tool: Tool, ip: string, there: number): Promise<void> {
  if (there > MOST_RULES) await tool('ipset', ['add', 'fail2ban-sshd', ip]);
  else {
    const chain = there > 0 ? 'fail2ban-sshd' : 'INPUT';
    await tool(
      'iptables-nft-restore',
      ['--noflush', '-w'],
      `*filter\n-A ${chain} -s ${ip} -j DROP\nCOMMIT\n`,
    );
  }
}
