/** How much memory the controller takes: resident, once it is done with what it was given. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../support/child.ts';
import { Sandbox } from '../support/sandbox.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { settled } from './one-ban.ts';

const UNIT = join(import.meta.dirname, '../../../systemd/banspool.service');

/** Long enough for what is garbage to be collected. */
const REST_MS = 8_000;

export async function memory(): Promise<readonly Figure[]> {
  return [await residentWith(0, 60), await residentWith(100_000, 200)];
}

async function residentWith(bans: number, goal: number): Promise<Figure> {
  await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
  if (bans > 0) claimCrowd(sandbox, crowd(bans));
  const [, settings = ''] = /^Environment=(.*)$/m.exec(readFileSync(UNIT, 'utf8')) ?? [];
  await using controller = new Child(['env', ...settings.split(' '), ...sandbox.command('run')]);
  await settled(sandbox);
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const status = readFileSync(`/proc/${controller.pid}/status`, 'utf8');
  const megabytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  const what = bans === 0 ? 'idle' : `with ${bans.toLocaleString('en-US')} bans`;
  return figureOf(`memory of the controller, ${what}`, [megabytes], {
    unit: 'MB',
    goal: { words: `${goal} MB`, isReached: ({ median }) => median <= goal },
  });
}
