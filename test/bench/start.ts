/** A start of the program over claims on disk and an empty kernel, as at a boot: until all of them are enforced. */
import { clearFirewall } from '../support/firewall.ts';
import type { Sandbox } from '../support/sandbox.ts';
import { costOf, tool, type Cost } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure, type Goal } from './figure.ts';
import { settled, startController, statusOf } from './settled.ts';

const CLAIMS = 100_000;
const ROUNDS = 9;

export async function start(bench: Bench): Promise<readonly Figure[]> {
  await using sandbox = await openSandbox(bench);
  await claim(sandbox, CLAIMS);
  return await measureStarts(sandbox, bench, {
    ...{ claims: CLAIMS, rounds: bench.rounds(ROUNDS) },
    goal: { words: '1.8 times bare', most: { ratio: 1.8 } },
  });
}

/** Has so many claimed and saved, and leaves no controller. */
export async function claim(sandbox: Sandbox, claims: number): Promise<void> {
  claimCrowd(sandbox, crowd(claims));
  const controller = await startController(sandbox);
  await settled(sandbox, SAVE_LIMIT_MS);
  await controller.stop();
}

/** For a million. */
const SAVE_LIMIT_MS = 900_000;

interface Starts {
  readonly claims: number;
  readonly rounds: number;
  readonly goal: Goal;
}

/** What the boot unit runs, and of that the pass alone. */
export async function measureStarts(
  sandbox: Sandbox,
  { turn }: Bench,
  { claims, rounds, goal }: Starts,
): Promise<readonly Figure[]> {
  const saved = await tool('ipset', ['save', 'fail2ban-sshd']);
  const [starts, restores]: [Cost[], Cost[]] = [[], []];
  const passes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await turn();
    await clearFirewall();
    restores.push(await costOf(() => tool('ipset', ['restore'], saved)));
    await clearFirewall();
    const [file = '', ...words] = sandbox.command('reconcile', '--no-pack');
    starts.push(await costOf(() => tool(file, words)));
    passes.push(statusOf(sandbox)?.passes[0]?.durationMs ?? Number.NaN);
  }
  const bareOf = (samples: readonly number[]) => ({ what: 'ipset restore', samples });
  const bare = bareOf(restores.map(({ milliseconds }) => milliseconds));
  const what = `start with ${claims.toLocaleString('en-US')} claims`;
  return [
    figureOf(
      `${what}: banspool reconcile`,
      starts.map(({ milliseconds }) => milliseconds),
      { bare },
    ),
    figureOf(`${what}: its pass`, passes, { bare, goal }),
    figureOf(
      `${what}: banspool reconcile, CPU`,
      starts.map(({ cpu }) => cpu),
      {
        bare: bareOf(restores.map(({ cpu }) => cpu)),
      },
    ),
  ];
}
