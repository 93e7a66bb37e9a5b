/** From the rename of an intent in the spool to the last packet of the address, with so many bans there already. */
import { eventually } from '../support/eventually.ts';
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
  sandbox.spawnController();
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
  await eventually(() => {
    const waiting = sandbox.waiting().length;
    if (waiting > 0) throw new Error(`${waiting} intents still wait`);
    const taken = sandbox.status().servers.reduce((sum, { intents }) => sum + intents, 0);
    if (taken < sandbox.dropped) throw new Error(`${sandbox.dropped - taken} intents were not taken in`);
  }, limitMs);
}
