import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testFile } from './find-test-files.ts';
import { runTestFiles } from './run-test-files.ts';
import type { TestRun } from './run-test-file.ts';

const test = suite('test files in one process');

const ROOT = join(import.meta.dirname, '../../..');

async function runFixtures(names: readonly string[], timeLimitMs = 60_000): Promise<readonly TestRun[]> {
  const files = names.map((name) => testFile(ROOT, `test/runner/fixtures/${name}.ts`));
  return runTestFiles(files, timeLimitMs);
}

const nameOf = ({ name }: TestRun): string => name.replace(/^test\/runner\/fixtures\/(.*)\.ts$/, '$1');

const BAD: readonly (readonly [title: string, fixture: string, reason: RegExp])[] = [
  ['whose .run() was forgotten', 'forgotten-run', /no summary/],
  ['with a failing test', 'failing-test', /exit code 1/],
  ['with a hook that throws', 'failing-hook', /1 of 1 tests did not pass/],
  ['with a test that throws a string', 'thrown-string', /2 of 2 tests did not pass/],
  ['without a test', 'no-tests', /no tests/],
  ['with a test that is skipped', 'skipped', /1 tests skipped/],
  ['with an .only among other tests', 'left-in-only', /\.only\( is left in/],
  ['that ends before its tests do', 'early-exit', /exit code 1/],
  ['with a suite that runs after another has ended', 'late-run', /more than one summary/],
  ['that cannot be loaded', 'thrown-import', /exit code 1; no summary/],
  ['that waits for what never comes', 'unsettled-import', /exit code 13; no summary/],
];

test('pass as each does by itself, in their order', async () => {
  const runs = await runFixtures(['good', 'clean']);

  assert.equal(
    runs.map((run) => [nameOf(run), run.passed, run.failed, run.reasons]),
    [
      ['good', 2, 0, []],
      ['clean', 1, 0, []],
    ],
  );
});

/** All of them in a row, and at the end one that is well. */
let inARow: Promise<readonly TestRun[]> | undefined;

const runInARow = async (): Promise<readonly TestRun[]> =>
  (inARow ??= runFixtures([...BAD.map(([, fixture]) => fixture), 'clean']));

for (const [index, [title, fixture, reason]] of BAD.entries())
  test(`fail where one is a file ${title}, for its own reason`, async () => {
    const run = (await runInARow())[index];

    assert.is(run && nameOf(run), fixture);
    assert.match(run?.reasons.join('; ') ?? '', reason);
    assert.ok(run && run.failed > 0);
  });

test('pass behind all that fail', async () => {
  const run = (await runInARow()).at(-1);

  assert.equal([run && nameOf(run), run?.passed, run?.reasons], ['clean', 1, []]);
});

test('fail where the last one ends the process', async () => {
  const runs = await runFixtures(['good', 'early-exit']);

  assert.equal(
    runs.map(({ failed }) => failed > 0),
    [false, true],
  );
});

test('fail where one never ends, when its time is up', async () => {
  // Time to get there on a busy machine; the one that never ends is the last, so none is waited for after it.
  const runs = await runFixtures(['good', 'hanging'], 10_000);

  assert.equal(
    runs.map(({ failed }) => failed),
    [0, 1],
  );
  assert.is(runs[1]?.reasons[0], 'did not end within 10 s');
});

test('leave the process as they found it', async () => {
  const runs = await runFixtures(['litter', 'clean']);

  assert.equal(
    runs.map(({ reasons }) => reasons),
    [[], []],
  );
});

test('say each what it has said', async () => {
  const [good, failing] = await runFixtures(['good', 'failing-test']);

  assert.not.match(good?.output ?? '', /as it should/);
  assert.match(failing?.output ?? '', /as it should/);
});

test.run();
