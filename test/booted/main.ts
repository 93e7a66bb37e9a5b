/**
 * `npm run test:system`: boots machines and lives through a year with them. Takes some minutes, and root. Words are
 * names of files here, which are run alone.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testFile } from '../runner/find-test-files.ts';
import { runTestFile, type TestRun } from '../runner/run-test-file.ts';
import { eventually } from '../support/eventually.ts';
import { endWithThisProcess, killCgroup, makeCgroup, removeCgroup } from './cgroup.ts';

const ROOT = join(import.meta.dirname, '../../..');

const TIME_LIMIT_MS = 12 * 60_000;

/** Until all that was killed is gone. */
const STOP_MS = 20_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.exit(130);
  });
}

// A machine's PID 1 outlives the program that started it, so each is put where it can be found.
const cgroup = makeCgroup();
endWithThisProcess(cgroup);
process.env['BANSPOOL_CGROUP'] = cgroup;
const killAll = (): void => {
  killCgroup(cgroup);
};
process.on('exit', killAll);
const wanted = process.argv.slice(2);
// Either row takes about as long as the other.
const rows = [
  ['life', ...withOwnNode('fleet')],
  [...withOwnNode('debian-12', 'change-of-node'), 'ansible'],
];
const runs = (await Promise.all(rows.map(runOneAfterTheOther))).flat();
process.off('exit', killAll);
killAll();
await eventually(() => {
  removeCgroup(cgroup);
}, STOP_MS);
for (const { name, output, reasons } of runs) {
  console.log(output);
  for (const reason of reasons) console.log(`FAIL  ${name}: ${reason}`);
}
const [passed, failed] = [sumOf(runs, 'passed'), sumOf(runs, 'failed')];
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Files that need a package that .ci/deb/build leaves out, and says so, where it cannot fetch a Node. */
function withOwnNode(...names: readonly string[]): readonly string[] {
  const end = `_${process.arch === 'x64' ? 'amd64' : process.arch}.deb`;
  const isThere = readdirSync(join(ROOT, 'dist/deb')).some((name) => name.endsWith(end));
  return isThere ? names : [];
}

async function runOneAfterTheOther(names: readonly string[]): Promise<readonly TestRun[]> {
  const ended: TestRun[] = [];
  for (const name of names.filter((each) => wanted.length === 0 || wanted.includes(each)))
    ended.push(
      await runTestFile(testFile(ROOT, `test/booted/${name}.ts`), TIME_LIMIT_MS, { writable: [cgroup] }),
    );
  return ended;
}

function sumOf(all: readonly TestRun[], what: 'passed' | 'failed'): number {
  return all.reduce((sum, each) => sum + each[what], 0);
}
