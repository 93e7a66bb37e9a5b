/**
 * `npm run bench [-- [--peers] [--fleet] [NAME…]]`: measures banspool on this machine's kernel, in namespaces of its
 * own, beside the bare tools, and with --peers beside CrowdSec; with --fleet, or a name that begins so, fleets alone.
 * It prints a table, and writes test/bench/results.json and test/bench/results.md. Nothing here passes or fails.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isPrivateNetwork } from '../support/namespaces.ts';
import { runAgainInNamespaces } from '../support/run-again.ts';
import { outputOf } from '../support/run-program.ts';
import type { Figure } from './figure.ts';
import { FLEET } from './fleet/scenarios.ts';
import { PEERS, SCENARIOS, type Scenario } from './scenarios.ts';
import { markdownTable, textTable } from './table.ts';

const FOLDER = join(import.meta.dirname, '../../../test/bench');
const FETCH = join(import.meta.dirname, '../../../.ci/fetch-lab');

const { values, positionals } = parseArgs({
  options: { peers: { type: 'boolean' }, fleet: { type: 'boolean' } },
  allowPositionals: true,
});

if (isPrivateNetwork()) {
  const isFleet = values.fleet === true || positionals.some((each) => each.startsWith('fleet'));
  await measure(isFleet ? FLEET : { ...SCENARIOS, ...(values.peers === true ? PEERS : {}) }, positionals);
} else {
  if (values.peers === true) await outputOf(['sh', FETCH, 'peers'], { timeLimitMs: 300_000 });
  process.exitCode = await runAgainInNamespaces([FOLDER]);
}

/** Those whose name holds one of the words; all of them without any. */
async function measure(
  scenarios: Readonly<Record<string, Scenario>>,
  words: readonly string[],
): Promise<void> {
  const chosen = Object.entries(scenarios).filter(
    ([name]) => words.length === 0 || words.some((each) => name.includes(each)),
  );
  const figures: Figure[] = [];
  for (const [name, scenario] of chosen) {
    console.error(`${name} …`);
    try {
      figures.push(...(await scenario()));
    } catch (error) {
      console.error(
        `${name} could not be measured: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[0],
  };
  writeFileSync(join(FOLDER, 'results.json'), `${JSON.stringify({ machine, figures }, undefined, 2)}\n`);
  writeFileSync(join(FOLDER, 'results.md'), `${markdownTable(figures)}\n`);
  console.log(
    `${textTable(figures)}\n\n${machine.cores} cores, Node ${machine.node}, load ${machine.load ?? 0}`,
  );
}
