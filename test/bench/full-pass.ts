/** A full pass of a controller that has been running for a while, over 100,000 claims, with nothing to do. */
import { costOf, tool, type Cost } from './bare.ts';
import { openSandbox, type Bench } from './bench.ts';
import { cpuOf } from './fleet/cpu.ts';
import { figureOf, type Figure, type Goal } from './figure.ts';
import { startController, statusOf, until } from './settled.ts';
import { claim } from './start.ts';

const CLAIMS = 100_000;
const ROUNDS = 15;

/** Passes that are not counted: V8 compiles what runs often. */
const WARM_UP = 5;

export async function fullPass(bench: Bench): Promise<readonly Figure[]> {
  await using sandbox = await openSandbox(bench, { interval: '1s' });
  await claim(sandbox, CLAIMS);
  const controller = await startController(sandbox);
  const [passes, bare]: [Cost[], Cost[]] = [[], []];
  for (let round = -WARM_UP; round < bench.rounds(ROUNDS); round += 1) {
    // Between its passes, and beside those of the other build, it stands still.
    controller.process.kill('SIGSTOP');
    await bench.turn();
    bare.push(await costOf(() => tool('sh', ['-c', 'iptables-nft -S && ipset save'])));
    const [since, cpu] = [Date.now(), cpuOf(controller.pid)];
    controller.process.kill('SIGCONT');
    await until('no full pass was made', () => {
      const pass = statusOf(sandbox)?.passes.find(({ kind }) => kind === 'full');
      if (pass === undefined || Date.parse(pass.startedAt) < since) return false;
      passes.push({ milliseconds: pass.durationMs, cpu: cpuOf(controller.pid) - cpu });
      return true;
    });
  }
  const figure = (name: string, which: keyof Cost, goal?: Goal): Figure =>
    figureOf(
      name,
      passes.map((each) => each[which]),
      {
        bare: { what: 'iptables -S + ipset save', samples: bare.map((each) => each[which]) },
        ...(goal !== undefined && { goal }),
      },
    );
  for (const samples of [passes, bare]) samples.splice(0, WARM_UP);
  return [
    figure('full pass with nothing to do, 100,000 claims', 'milliseconds', {
      words: '1.15 times bare',
      most: { ratio: 1.15 },
    }),
    figure('full pass with nothing to do, 100,000 claims, CPU', 'cpu'),
  ];
}
