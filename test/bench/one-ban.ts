/** From the rename of an intent in the spool to the last packet of the address, with so many bans there already. */
import { banText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { ATTACKER, type Attacker } from './attacker.ts';
import { timeEach, tool } from './bare.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const ROUNDS = 60;

/** One figure for a ban, with `there` others in the same chain. */
export async function oneBan(attacker: Attacker, there: number): Promise<Figure> {
  const isSet = there > 1_000;
  await using sandbox = await Sandbox.open({
    config: { interval: '1h', backend: isSet ? 'ipset' : 'rules' },
  });
  if (there > 0) claimCrowd(sandbox, crowd(there));
  await sandbox.startController();
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
  const bare = await timeEach(ROUNDS, async (index) => {
    const ip = `198.18.0.${index}`;
    if (isSet) await tool('ipset', ['add', 'fail2ban-sshd', ip]);
    else await tool('iptables-nft-restore', ['--noflush', '-w'], bareRule(ip));
  });
  return figureOf(`one ban, ${there.toLocaleString('en-US')} there`, samples, {
    bare: { what: isSet ? 'ipset add' : 'iptables-restore', samples: bare },
    goal: {
      words: 'median 3 times bare, p99 100 ms',
      isReached: ({ p99, ratio = Infinity }) => ratio <= 3 && p99 < 100,
    },
  });
}

function bareRule(ip: string): string {
  return `*filter\n-I INPUT 1 -s ${ip} -j DROP\nCOMMIT\n`;
}

/** Nothing waits, and the pass that took the last of it has ended, commit and all. */
export async function settled(sandbox: Sandbox, limitMs = 120_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (sandbox.waiting().length > 0 || taken(sandbox) < sandbox.dropped) {
    if (performance.now() > deadline) throw new Error(`intents still wait after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** What these figures are good to. */
const LOOK_EVERY_MS = 10;

function taken(sandbox: Sandbox): number {
  try {
    return sandbox.status().servers.reduce((sum, { intents }) => sum + intents, 0);
  } catch {
    // There is none before the first pass.
    return 0;
  }
}
