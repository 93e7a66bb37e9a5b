/** A million claims: start, memory, one ban more beside the same with 100,000, and what `banspool status` takes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Attacker } from './attacker.ts';
import { tool, timeOf } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { residentOf } from './fleet/cpu.ts';
import { figureOf, type Figure } from './figure.ts';
import { REST_MS } from './memory.ts';
import { timeBan } from './one-ban.ts';
import { startController } from './settled.ts';
import { claim, measureStarts } from './start.ts';

const CLAIMS = 1_000_000;
const FEWER = 100_000;

const STARTS = 3;
const BANS = 30;
const STATUSES = 5;

export async function million(attacker: Attacker, bench: Bench): Promise<readonly Figure[]> {
  const many = await measure(attacker, bench, CLAIMS);
  const fewer = await measure(attacker, bench, FEWER);
  return [
    ...many.starts,
    figureOf('memory of the controller, 1,000,000 claims', [many.megabytes], {
      unit: 'MB',
      goal: { words: '500 MB', most: { median: 500 } },
    }),
    figureOf('one ban more, 1,000,000 claims there', many.bans, {
      bare: { what: 'with 100,000', samples: fewer.bans },
      goal: { words: '1.2 times as with 100,000', most: { ratio: 1.2 } },
    }),
    figureOf('banspool status, 1,000,000 claims', many.statuses, {
      bare: { what: 'with 100,000', samples: fewer.statuses },
      goal: { words: '0.5 s', most: { median: 500 } },
    }),
  ];
}

interface Measured {
  readonly starts: readonly Figure[];
  readonly megabytes: number;
  readonly bans: readonly number[];
  readonly statuses: readonly number[];
}

async function measure(attacker: Attacker, bench: Bench, claims: number): Promise<Measured> {
  await using sandbox = await openSandbox(bench, { backend: 'ipset' });
  await claim(sandbox, claims);
  const starts = await measureStarts(sandbox, bench, {
    ...{ claims, rounds: bench.rounds(STARTS) },
    goal: { words: '2 times bare', most: { ratio: 2 } },
  });
  const controller = await startController(sandbox);
  await delay(REST_MS);
  const megabytes = residentOf(controller.pid);
  const [bans, statuses]: [number[], number[]] = [[], []];
  for (let round = 0; round < bench.rounds(BANS); round += 1) {
    await bench.turn();
    bans.push(await timeBan(sandbox, attacker));
  }
  const [file = '', ...words] = sandbox.command('status');
  for (let round = 0; round < bench.rounds(STATUSES); round += 1) {
    await bench.turn();
    statuses.push(await timeOf(() => tool(file, words)));
  }
  await controller.stop();
  return { starts, megabytes, bans, statuses };
}
