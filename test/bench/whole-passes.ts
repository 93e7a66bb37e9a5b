/** Passes over 100,000 claims: after a boot, with nothing to do, and when half of them end at once. */
import { rmSync } from 'node:fs';
import { freshMemory } from '../../src/pass/memory.ts';
import { clearFirewall } from '../support/firewall.ts';
import { snapshotText } from '../support/intent-text.ts';
import { makePass, makePasses, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { timeOf, tool } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const CLAIMS = 100_000;
const PER_SERVER = 20_000;
const ROUNDS = 9;

/** Long enough for all that is done before. */
const SOON_S = 3_600;

/** All of them. */
export async function wholePasses(): Promise<readonly Figure[]> {
  await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
  let skipped = 0;
  const world = worldOf(sandbox, { now: () => Date.now() + skipped });
  const addresses = crowd(CLAIMS);
  for (let from = 0; from < CLAIMS; from += PER_SERVER) {
    const some = addresses.slice(from, from + PER_SERVER);
    const lengths = some.map((_, index) => (index % 2 === 0 ? SOON_S : 100 * SOON_S));
    sandbox.drop(`crowd${from / PER_SERVER}`, snapshotText(some, { protocol: 'all', ports: 'all' }, lengths));
  }
  const first = await timeOf(() => makePasses(world));
  const saved = await tool('ipset', ['save', 'fail2ban-sshd']);

  // In turns, here and below: machines are quick and slow by the minute.
  const bareFill: number[] = [];
  const starts: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await clearFirewall();
    bareFill.push(await timeOf(() => tool('ipset', ['restore'], saved)));
    await clearFirewall();
    starts.push(await timeOf(() => makePass(world)));
  }

  const memory = freshMemory(world);
  await makePass(world, memory);
  const idle: number[] = [];
  const bareLook: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    idle.push(await timeOf(() => makePass(world, memory)));
    const bare = async (): Promise<void> => {
      await tool('iptables-nft', ['-S']);
      await tool('ipset', ['save']);
    };
    bareLook.push(await timeOf(bare));
  }

  skipped = SOON_S * 1000;
  const end = await timeOf(() => makePass(world, memory, 'quick'));
  rmSync(sandbox.spool, { recursive: true });
  return [
    figureOf('100,000 claims from the spool to git', [first]),
    figureOf('start with 100,000 claims, nothing in the kernel', starts, {
      bare: { what: 'ipset restore', samples: bareFill },
      goal: {
        words: '3 times bare, 4 s',
        most: { ratio: 3, median: 4_000 },
      },
    }),
    figureOf('full pass with nothing to do, 100,000 claims', idle, {
      bare: { what: 'iptables -S + ipset save', samples: bareLook },
      goal: { words: '1.5 times bare', most: { ratio: 1.5 } },
    }),
    figureOf('50,000 of 100,000 end at once, committed', [end], {
      goal: { words: '3 s', most: { median: 3_000 } },
    }),
  ];
}
