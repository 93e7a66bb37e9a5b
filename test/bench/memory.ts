/** How much memory the controller takes, once it is done with what it was given; and a Node that does nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import { Child } from '../support/child.ts';
import { openSandbox, type Bench } from './bench.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';
import { unitSettings } from './fleet/as-unit.ts';
import { residentOfAll, residentOf } from './fleet/cpu.ts';
import { settled, startController } from './settled.ts';

/** Long enough for what is garbage to be collected. */
export const REST_MS = 20_000;

const ROUNDS = 2;

/** Resident, and with all programs that stand by for it. */
interface Memory {
  readonly resident: number;
  readonly all: number;
}

export async function memory(bench: Bench): Promise<readonly Figure[]> {
  const [idle, many, bare]: [Memory[], Memory[], number[]] = [[], [], []];
  for (let round = 0; round < bench.rounds(ROUNDS); round += 1) {
    await bench.turn();
    bare.push(await bareNode());
    idle.push(await measure(bench, 0));
    many.push(await measure(bench, 100_000));
  }
  return [
    ...figures('idle', idle, { goal: 52, bare }),
    ...figures('with 100,000 bans', many, { goal: 200, bare }),
  ];
}

function figures(
  when: string,
  samples: readonly Memory[],
  { goal, bare }: { readonly goal: number; readonly bare: readonly number[] },
): readonly Figure[] {
  return [
    figureOf(
      `memory of the controller, ${when}`,
      samples.map(({ resident }) => resident),
      {
        ...{ unit: 'MB', bare: { what: 'Node alone', samples: bare } },
        goal: { words: `${goal} MB`, most: { median: goal } },
      },
    ),
    figureOf(
      `memory of the controller and what it started, ${when}`,
      samples.map(({ all }) => all),
      { unit: 'MB' },
    ),
  ];
}

async function measure(bench: Bench, bans: number): Promise<Memory> {
  await using sandbox = await openSandbox(bench);
  if (bans > 0) claimCrowd(sandbox, crowd(bans));
  const { pid } = await startController(sandbox);
  await settled(sandbox);
  await delay(REST_MS);
  return { resident: residentOf(pid), all: residentOfAll(pid) };
}

/** With the same settings. */
async function bareNode(): Promise<number> {
  const env = { ...process.env, ...unitSettings('banspool.service') };
  await using node = new Child([process.execPath, '-e', 'setInterval(() => {}, 1e6)'], { env });
  await delay(REST_MS / 10);
  return residentOf(node.pid);
}
