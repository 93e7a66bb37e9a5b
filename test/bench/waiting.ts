/** Ten thousand intents that wait: until all are enforced, and until they are saved, committed, out of the spool. */
import { setTimeout as delay } from 'node:timers/promises';
import { banText } from '../support/intent-text.ts';
import { openSandbox, type Bench } from './bench.ts';
import { crowd } from './crowd.ts';
import { cpuOf } from './fleet/cpu.ts';
import { figureOf, type Figure, type Goal } from './figure.ts';
import { membersOf, settled, startController, until } from './settled.ts';

const INTENTS = 10_000;
const ROUNDS = 5;

/** To list a set takes ipset some of the processor's time, and holds up who adds to it. */
const LOOK_EVERY_MS = 50;

const GOAL: Goal = { words: 'half of the base', most: { toBase: 0.5 } };

interface Times {
  readonly enforced: number;
  readonly committed: number;
  /** Milliseconds of the processor. */
  readonly cpu: number;
}

export async function waiting(bench: Bench): Promise<readonly Figure[]> {
  const times: Times[] = [];
  for (let round = 0; round < bench.rounds(ROUNDS); round += 1) {
    await bench.turn();
    times.push(await workOff(bench));
  }
  const figure = (what: string, timeOf: (each: Times) => number): Figure =>
    figureOf(`10,000 intents waiting, ${what}`, times.map(timeOf), { goal: GOAL });
  const rest = ({ enforced, committed }: Times): number => committed - enforced;
  return [
    figure('until enforced', ({ enforced }) => enforced),
    figure('until committed', ({ committed }) => committed),
    // What the last pass keeps: of two passes that is more than of ten.
    figureOf('10,000 intents waiting, from enforced to committed', times.map(rest)),
    figure('CPU', ({ cpu }) => cpu),
  ];
}

async function workOff(bench: Bench): Promise<Times> {
  await using sandbox = await openSandbox(bench);
  const controller = await startController(sandbox);
  controller.process.kill('SIGSTOP');
  for (const [index, ip] of crowd(INTENTS).entries()) sandbox.drop(`web${index % 2}`, banText(ip));
  const [startedAt, cpu] = [performance.now(), cpuOf(controller.pid)];
  controller.process.kill('SIGCONT');
  await until('not all is enforced', async () => {
    await delay(LOOK_EVERY_MS);
    return (await membersOf('fail2ban-sshd')) >= INTENTS;
  });
  const enforced = performance.now() - startedAt;
  await settled(sandbox);
  const committed = performance.now() - startedAt;
  return { enforced, committed, cpu: cpuOf(controller.pid) - cpu };
}
