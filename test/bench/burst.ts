/** Ten thousand intents that wait: until all are enforced, saved, committed, and gone from the spool. */
import { banText } from '../support/intent-text.ts';
import { timeOf } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { settled, startController } from './settled.ts';

const INTENTS = 10_000;
const ROUNDS = 3;

export async function burst(bench: Bench): Promise<readonly Figure[]> {
  const samples: number[] = [];
  for (let round = 0; round < bench.rounds(ROUNDS); round += 1) {
    await bench.turn();
    await using sandbox = await openSandbox(bench);
    const controller = await startController(sandbox);
    controller.process.kill('SIGSTOP');
    for (const [index, ip] of crowd(INTENTS).entries()) sandbox.drop(`web${index % 2}`, banText(ip));
    samples.push(
      await timeOf(async () => {
        controller.process.kill('SIGCONT');
        await settled(sandbox);
      }),
    );
  }
  return [
    figureOf('10,000 intents waiting, until committed', samples, {
      goal: { words: '3 s', most: { median: 3_000 } },
    }),
  ];
}
