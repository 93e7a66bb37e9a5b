/** How much memory the controller takes: resident, once it is done with what it was given. */
import { readFileSync } from 'node:fs';
import { Child } from '../support/child.ts';
import { openSandbox, type Bench } from './bench.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { asUnit } from './fleet/as-unit.ts';
import { settled } from './settled.ts';

/** Long enough for what is garbage to be collected. */
const REST_MS = 8_000;

export async function memory(bench: Bench): Promise<readonly Figure[]> {
  return [await residentWith(bench, 0, 52), await residentWith(bench, 100_000, 200)];
}

async function residentWith(bench: Bench, bans: number, goal: number): Promise<Figure> {
  await bench.turn();
  await using sandbox = await openSandbox(bench);
  if (bans > 0) claimCrowd(sandbox, crowd(bans));
  await using controller = new Child([
    ...asUnit('banspool.service', bench.build.folder),
    ...sandbox.command('run'),
  ]);
  await settled(sandbox);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const status = readFileSync(`/proc/${controller.pid}/status`, 'utf8');
  const megabytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  const what = bans === 0 ? 'idle' : `with ${bans.toLocaleString('en-US')} bans`;
  return figureOf(`memory of the controller, ${what}`, [megabytes], {
    unit: 'MB',
    goal: { words: `${goal} MB`, most: { median: goal } },
  });
}
