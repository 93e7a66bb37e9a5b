/** From the rename of an intent in the spool to the last packet of the address, with so many bans there already. */
import { setTimeout as delay } from 'node:timers/promises';
import { banText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { ATTACKER, SILENCE_MS, type Attacker } from './attacker.ts';
import { timeOf, tool } from './bare.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const ROUNDS = 60;

/** In one chain; above, it is a set. */
const MOST_RULES = 1_000;

/** One figure for a ban, with `there` others in the same chain. */
export async function oneBan(attacker: Attacker, there: number): Promise<Figure> {
  const isSet = there > MOST_RULES;
  await using sandbox = await Sandbox.open({
    config: { interval: '1h', backend: isSet ? 'ipset' : 'rules' },
  });
  if (there > 0) claimCrowd(sandbox, crowd(there));
  const controller = await sandbox.startController();
  await settled(sandbox);

  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await attacker.heard();
    const droppedAt = performance.now();
    sandbox.drop('web1', banText(ATTACKER, { protocol: 'all', ports: 'all' }));
    samples.push((await attacker.silenced()) - droppedAt);
    sandbox.drop('web1', unbanText(ATTACKER));
    await settled(sandbox);
  }
  await controller.stop();
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    // As the controller does: not one call right after the other, with all that it needs still in the caches.
    await delay(SILENCE_MS);
    bare.push(await timeOf(() => bareBan(`198.18.0.${round}`, there)));
  }
  return figureOf(`one ban, ${there.toLocaleString('en-US')} there`, samples, {
    bare: { what: isSet ? 'ipset add' : 'iptables-restore', samples: bare },
    goal: {
      words: 'median 3 times bare, p99 100 ms',
      isReached: ({ p99, ratio = Infinity }) => ratio <= 3 && p99 < 100,
    },
  });
}

/** Where the others stand, or else where there is always a chain. */
async function bareBan(ip: string, there: number): Promise<void> {
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

/** Nothing waits, and the pass that took the last of it has ended, commit and all. */
export async function settled(sandbox: Sandbox, limitMs = 120_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (taken(sandbox) < sandbox.dropped || sandbox.waiting().length > 0) {
    if (performance.now() > deadline) throw new Error(`intents still wait after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** What these figures are good to. */
const LOOK_EVERY_MS = 10;

function taken(sandbox: Sandbox): number {
  try {
    const { conditions, servers } = sandbox.status();
    // A long pass counts what it took while it still saves and commits.
    if (conditions.some(({ reason }) => reason === 'PassUnderWay')) return 0;
    return servers.reduce((sum, { intents }) => sum + intents, 0);
  } catch {
    // There is none before the first pass.
    return 0;
  }
}
