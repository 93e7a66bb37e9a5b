/** fail2ban restarts with a thousand bans: it lifts and bans each of them again, and the firewall is not touched. */
import { freshMemory } from '../../src/pass/memory.ts';
import { countGenerations } from '../support/count-generations.ts';
import { banText, intentText } from '../support/intent-text.ts';
import { makePasses, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { timeOf } from './bare.ts';
import { crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const BANS = 1_000;

export async function restart(): Promise<readonly Figure[]> {
  await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  const time = Date.now() / 1000 - 100;
  const dropAll = (restored: 0 | 1): void => {
    for (const ip of crowd(BANS)) sandbox.drop('web1', banText(ip, { time, restored, bantime: 6_000 }));
  };
  const passAll = () => makePasses(world, { memory, kind: 'quick' });
  const commits = async (): Promise<number> => Number(await sandbox.git('rev-list', '--count', 'HEAD'));
  dropAll(0);
  await passAll();
  const before = await commits();

  const now = Date.now() / 1000;
  let milliseconds = 0;
  const calls = await countGenerations(async () => {
    for (const [offset, intent] of ['flush', 'flush', 'stop', 'stop'].entries()) {
      sandbox.drop('web1', intentText({ intent, time: now + offset / 10 }));
    }
    sandbox.drop('web1', intentText({ intent: 'start', ports: '22', time: now + 2 }));
    dropAll(1);
    milliseconds = await timeOf(passAll);
  });
  return [
    figureOf('fail2ban restart with 1,000 bans', [milliseconds]),
    figureOf('firewall calls of that', [calls], {
      unit: 'count',
      goal: { words: 'none', most: { median: 0 } },
    }),
    figureOf('commits of that', [(await commits()) - before], {
      unit: 'count',
      goal: { words: 'one at most', most: { median: 1 } },
    }),
  ];
}
