import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Child } from '../support/child.ts';
import { eventually } from '../support/eventually.ts';
import { testFile } from './find-test-files.ts';
import { runTestFile, type TestRun } from './run-test-file.ts';

const test = suite('a test file');

const ROOT = join(import.meta.dirname, '../../..');

async function runFixture(name: string, timeLimitMs = 20_000): Promise<TestRun> {
  return runTestFile(testFile(ROOT, `test/runner/fixtures/${name}.ts`), timeLimitMs);
}

test('in which all is well passes', async () => {
  const run = await runFixture('good');

  assert.equal([run.passed, run.failed, run.reasons], [2, 0, []]);
});

const BAD: readonly (readonly [title: string, fixture: string, reason: RegExp])[] = [
  ['whose .run() was forgotten fails', 'forgotten-run', /no summary/],
  ['with a failing test fails', 'failing-test', /exit code 1/],
  ['with a hook that throws fails', 'failing-hook', /1 of 1 tests did not pass/],
  ['with a test that throws a string fails', 'thrown-string', /2 of 2 tests did not pass/],
  ['without a test fails', 'no-tests', /no tests/],
  ['with a test that is skipped fails', 'skipped', /1 tests skipped/],
  ['with an .only among other tests fails', 'left-in-only', /\.only\( is left in/],
  ['with an .only on its one test fails', 'lone-only', /\.only\( is left in/],
  ['that ends before its tests do fails', 'early-exit', /exit code 1/],
  ['with a suite that runs after another has ended fails', 'late-run', /more than one summary/],
];

for (const [title, fixture, reason] of BAD) {
  test(title, async () => {
    const run = await runFixture(fixture);

    assert.match(run.reasons.join('; '), reason);
    assert.ok(run.failed >= 1);
  });
}

test('that never ends fails when its time is up', async () => {
  const run = await runFixture('hanging', 1_000);

  // On a busy machine its time may be up before it has told of its test.
  assert.is(run.reasons[0], 'did not end within 1 s');
  assert.is(run.failed, 1);
});

test('takes with it the processes that it started', async () => {
  const run = await runFixture('left-child');

  assert.is(run.failed, 0);
  const pid = Number(/child (\d+)/.exec(run.output)?.[1]);
  await eventually(() => {
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });
});

test('leaves nothing running when the runner is killed', async () => {
  await using runner = new Child([
    process.execPath,
    join(import.meta.dirname, 'run-fixture.js'),
    'outliving-child',
  ]);
  const pids = await eventually(() => {
    const found = /children (\d+) (\d+)/.exec(runner.stdout)?.slice(1).map(Number) ?? [];
    assert.is(found.length, 2);
    return found;
  });

  await runner.stop('SIGKILL');

  await eventually(() => {
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });
});

test('counts what passed beside what failed', async () => {
  const run = await runFixture('failing-test');

  assert.equal([run.passed, run.failed], [1, 1]);
  assert.match(run.output, /as it should/);
});

test.run();
