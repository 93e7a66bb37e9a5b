/**
 * `npm run bench [-- NAME…]`: measures banspool on this machine's kernel, in namespaces of its own, beside the bare tools.
 * It prints a table, and writes test/bench/results.json and test/bench/results.md. Nothing here passes or fails.
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { isPrivateNetwork } from '../support/namespaces.ts';
import { runAgainInNamespaces } from '../support/run-again.ts';
import type { Figure } from './figure.ts';
import { SCENARIOS } from './scenarios.ts';
import { markdownTable, textTable } from './table.ts';

const FOLDER = join(import.meta.dirname, '../../../test/bench');

if (!isPrivateNetwork()) {
  process.exitCode = await runAgainInNamespaces();
} else {
  await measure(process.argv.slice(2));
}

async function measure(names: readonly string[]): Promise<void> {
  const chosen = Object.entries(SCENARIOS).filter(
    ([name]) => names.length === 0 || names.some((each) => name.includes(each)),
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
