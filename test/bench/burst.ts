/** Ten thousand intents that wait: until all are enforced, saved, committed, and gone from the spool. */
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { timeOf } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { settled } from './one-ban.ts';

const INTENTS = 10_000;
const ROUNDS = 3;

export async function burst(): Promise<Figure> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
    const controller = await sandbox.startController();
    controller.process.kill('SIGSTOP');
    for (const [index, ip] of crowd(INTENTS).entries()) sandbox.drop(`web${index % 2}`, banText(ip));
    samples.push(
      await timeOf(async () => {
        controller.process.kill('SIGCONT');
        await settled(sandbox);
      }),
    );
  }
  return figureOf('10,000 intents waiting, until committed', samples, {
    goal: { words: '3 s', isReached: ({ median }) => median <= 3_000 },
  });
}
