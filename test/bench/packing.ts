/** A ban while git packs five thousand commits of a file with five hundred claims. */
import { lstatSync } from 'node:fs';
import { lengthenHistory } from '../support/long-history.ts';
import type { Attacker } from './attacker.ts';
import { openSandbox, type Bench } from './bench.ts';
import { figureOf, type Figure } from './figure.ts';
import { banOnce } from './flood.ts';
import { settled, startController } from './settled.ts';

const COMMITS = 5_000;
const LINES = 500;
const ALONE_ROUNDS = 40;
const MOST_ROUNDS = 60;

export async function packing(attacker: Attacker, bench: Bench): Promise<readonly Figure[]> {
  await using sandbox = await openSandbox(bench);
  const first = await startController(sandbox);
  const alone: number[] = [];
  for (let round = 0; round < ALONE_ROUNDS; round += 1) alone.push(await banOnce(sandbox, attacker));
  await settled(sandbox);
  await first.stop();
  await lengthenHistory(sandbox.state, { commits: COMMITS, lines: LINES });

  await startController(sandbox);
  // A link that leads nowhere.
  const isPacking = (): boolean =>
    lstatSync(`${sandbox.state}.pack.lock`, { throwIfNoEntry: false }) !== undefined;
  while (!isPacking()) await new Promise((resolve) => setTimeout(resolve, 10));
  const beside: number[] = [];
  while (beside.length < MOST_ROUNDS) {
    const took = await banOnce(sandbox, attacker);
    if (!isPacking()) break;
    beside.push(took);
  }
  if (beside.length === 0) throw new Error('the packing was over before anything was measured');
  return [
    figureOf('a ban, before the packing', alone),
    figureOf('the same, while 5,000 commits are packed', beside, {
      bare: { what: 'before the packing', samples: alone },
      goal: { words: 'median twice as before', most: { ratio: 2 } },
    }),
  ];
}
