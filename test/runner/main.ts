/**
 * `npm test -- [NAME…]`: runs the test files whose name holds NAME, or all. With `--everything` it runs those of the
 * promises alone, with policies that use everything. The last line counts tests.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { reasonForNoLab } from '../lab/layers.ts';
import { findChromium } from '../support/browser.ts';
import { findTestFiles } from './find-test-files.ts';
import { groupFiles } from './group-files.ts';
import { loadDurations, orderByDuration, saveDurations } from './order.ts';
import { runAll } from './run-all.ts';
import { everySecondRun, secondRuns } from './run-twice.ts';
import type { TestRun } from './run-test-file.ts';

const ROOT = join(import.meta.dirname, '../../..');

const DURATIONS = join(ROOT, 'dist/test-durations.json');

/** Many times what the slowest file, one of real machines, takes on two cores; where much else runs that is minutes. */
const TIME_LIMIT_MS = 900_000;

/** Half of the time a test waits: for a ban to end, a connection to time out, a daemon to start. */
const JOBS = 2 * availableParallelism() + 1;

const EVERYTHING = '--everything';

const isWatched = process.stdout.isTTY || process.env['CI'] !== undefined;

function tell(run: TestRun): void {
  if (run.reasons.length > 0) {
    console.log(`FAIL  ${run.name}: ${run.reasons.join('; ')}\n${run.output}`);
  } else if (isWatched) {
    console.log(`ok    ${run.name}  (${run.passed} in ${run.milliseconds} ms)`);
  }
}

function tellSlowest(runs: readonly TestRun[]): void {
  const slowest = [...runs].sort((a, b) => b.milliseconds - a.milliseconds).slice(0, 5);
  console.log(
    `\nslowest: ${slowest.map(({ name, milliseconds }) => `${name} ${milliseconds} ms`).join(', ')}`,
  );
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    process.exit(130);
  });
}

const words = process.argv.slice(2);
const named = findTestFiles(
  ROOT,
  words.filter((word) => word !== EVERYTHING),
);
const found = words.includes(EVERYTHING) ? everySecondRun(named) : [...named, ...secondRuns(named)];
const noLab = reasonForNoLab();
const noBrowser = findChromium() === undefined ? 'chromium is not installed' : undefined;
const leftOut = [
  { folder: 'test/live', why: noLab === undefined ? undefined : `there is no lab here: ${noLab}` },
  { folder: 'test/browser', why: noBrowser },
].filter(({ why }) => why !== undefined);
const isIn = (name: string, folder: string): boolean => name.startsWith(`${folder}/`);
for (const { folder, why } of leftOut) {
  const { length } = found.filter(({ name }) => isIn(name, folder));
  if (length > 0) console.log(`left out: the ${length} files of ${folder}, for ${why ?? ''}`);
}
const files = found.filter(({ name }) => !leftOut.some(({ folder }) => isIn(name, folder)));
if (files.length === 0) console.log('FAIL  no test file has such a name');
const known = loadDurations(DURATIONS);
const runs = await runAll(orderByDuration(groupFiles(files), known), {
  jobs: JOBS,
  timeLimitMs: TIME_LIMIT_MS,
  onEnd: tell,
});
saveDurations(DURATIONS, known, runs);
if (runs.length > 5) tellSlowest(runs);
const passed = runs.reduce((sum, run) => sum + run.passed, 0);
const failed = files.length === 0 ? 1 : runs.reduce((sum, run) => sum + run.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
