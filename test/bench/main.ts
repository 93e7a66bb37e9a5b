/** Measures banspool on this machine's kernel, in namespaces of its own: see USAGE. Nothing here passes or fails. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { outputOf } from '../support/run-program.ts';
import type { Build } from './bench.ts';
import { buildCommit, BuildError } from './build-commit.ts';
import { FLEET } from './fleet/scenarios.ts';
import { compare } from './compare.ts';
import type { Row } from './figure.ts';
import { ALL, named, PEERS, SCENARIOS } from './scenarios.ts';
import type { Scenarios } from './scenario.ts';
import { markdownTable, textTable } from './table.ts';

const USAGE = `npm run bench -- [OPTION…] [NAME…]

Measures banspool beside the bare tools, prints a table, and writes it to
test/bench/results.json and test/bench/results.md. Without a NAME it measures
all that takes minutes; a NAME is that of a scenario, or a part of several.

  --against COMMIT  measures the build of that commit too, in alternation: how
                    many times as long this build takes, and between what
                    bounds that ratio lies with 95 % confidence
  --rounds N        makes N rounds of a scenario instead of as many as it wants
  --peers           measures CrowdSec too, which has to be fetched
  --fleet           measures fleets alone
  --help            prints this

Scenarios: ${Object.keys(ALL).join(', ')}
`;

const ROOT = join(import.meta.dirname, '../../..');
const FOLDER = join(ROOT, 'test/bench');

class UsageError extends Error {}

/** What is measured so far, and by which builds. */
interface Results {
  readonly rows: Row[];
  readonly build: Build;
  readonly base: Build | undefined;
}

let results: Results | undefined;

// What has to be removed is, whatever ends this process, and what was measured until then is told.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.on(signal, () => {
    if (results !== undefined && results.rows.length > 0) tell(results);
    process.exit(code);
  });

try {
  await main();
} catch (error) {
  if (!(error instanceof BuildError) && !(error instanceof UsageError)) throw error;
  console.error(`bench: error: ${error.message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help === true) {
    console.log(USAGE);
    return;
  }
  const chosen = choose(positionals, values);
  if (Object.keys(chosen).some((name) => name in PEERS))
    await outputOf(['sh', join(ROOT, '.ci/fetch-lab'), 'peers'], { timeLimitMs: 300_000 });
  const build = { name: (await outputOf([join(ROOT, '.ci/built-from')])).trim(), folder: ROOT };
  const base = values.against === undefined ? undefined : buildCommit(ROOT, values.against);
  const rows: Row[] = [];
  results = { rows, build, base };
  for (const [scenario, { starts }] of Object.entries(chosen)) {
    console.error(`${scenario} …`);
    rows.push(...(await compare({ scenario, starts, build, base, rounds: values.rounds })));
  }
  tell(results);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        against: { type: 'string' },
        rounds: { type: 'string' },
        peers: { type: 'boolean' },
        fleet: { type: 'boolean' },
        help: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

interface Choice {
  readonly rounds?: string;
  readonly peers?: boolean;
  readonly fleet?: boolean;
}

function choose(words: readonly string[], { rounds, peers, fleet }: Choice): Scenarios {
  if (rounds !== undefined && !/^[1-9]\d*$/.test(rounds))
    throw new UsageError(`"${rounds}" is no number of rounds; give one from 1 on`);
  for (const word of words) {
    if (Object.keys(named([word])).length === 0)
      throw new UsageError(`no scenario has "${word}" in its name; --help lists them`);
  }
  if (words.length > 0) return named(words);
  return fleet === true ? FLEET : { ...SCENARIOS, ...(peers === true ? PEERS : {}) };
}

function tell({ rows, build, base }: Results): void {
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[0],
  };
  const builds = { build: build.name, ...(base !== undefined && { base: base.name }) };
  const all = { machine, ...builds, figures: rows };
  const words = [
    base === undefined ? build.name : `${build.name}; base: commit ${base.name}`,
    `${machine.cores} cores, Node ${machine.node}, load ${machine.load ?? 0}`,
  ].join('\n');
  writeFileSync(join(FOLDER, 'results.json'), `${JSON.stringify(all, undefined, 2)}\n`);
  writeFileSync(join(FOLDER, 'results.md'), `${markdownTable(rows)}\n\n${words}\n`);
  console.log(`${textTable(rows)}\n\n${words}`);
}
