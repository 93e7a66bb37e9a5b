/** Another program flushes the table: how long packets of a banned host come through. */
import { banText } from '../support/intent-text.ts';
import { ATTACKER, type Attacker } from './attacker.ts';
import { tool } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { settled, startController } from './settled.ts';

/** One controller heals at once four times a minute; a fifth would be a fight. */
const CONTROLLERS = 5;
const FLUSHES = 4;

const BANS = 500;

export async function heal(attacker: Attacker, bench: Bench): Promise<readonly Figure[]> {
  const samples: number[] = [];
  for (let round = 0; round < bench.rounds(CONTROLLERS); round += 1) {
    await bench.turn();
    await using sandbox = await openSandbox(bench);
    for (const ip of [...crowd(BANS), ATTACKER])
      sandbox.drop('web1', banText(ip, { protocol: 'all', ports: 'all' }));
    await startController(sandbox);
    await settled(sandbox);
    for (let flush = 0; flush < FLUSHES; flush += 1) {
      await attacker.silenced();
      // The pass that healed the last one is over, and the next flush is heard of as another.
      await new Promise((resolve) => setTimeout(resolve, 500));
      const flushedAt = performance.now();
      await tool('iptables-nft', ['-F']);
      samples.push(Math.max(0, (await attacker.silenced()) - flushedAt));
    }
  }
  return [
    figureOf('a foreign flush of 500 bans, until healed', samples, {
      goal: {
        words: 'median 500 ms, 200 of them to see that it is over',
        most: { median: 500 },
      },
    }),
  ];
}
