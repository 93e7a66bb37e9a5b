/** Ten thousand intents that wait: until all are enforced, saved, committed, and gone from the spool. */
import { freshMemory } from '../../src/controller/memory.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { timeOf } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const INTENTS = 10_000;
const ROUNDS = 3;

export async function burst(): Promise<Figure> {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    await makePass(world, memory);
    for (const [index, ip] of crowd(INTENTS).entries()) sandbox.drop(`web${index % 2}`, banText(ip));
    samples.push(
      await timeOf(async () => {
        for (let more = true; more;) ({ more } = await makePass(world, memory, 'quick'));
      }),
    );
    if (sandbox.waiting().length > 0) throw new Error('intents still wait');
  }
  return figureOf('10,000 intents waiting, until committed', samples, {
    goal: { words: '3 s', isReached: ({ median }) => median <= 3_000 },
  });
}
