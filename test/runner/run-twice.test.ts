import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { testFile } from './find-test-files.ts';
import { everySecondRun, secondRuns } from './run-twice.ts';

const twice = suite('second runs of test files');

const ROOT = '/nowhere';

const FILES = ['test/promises/crash.test.ts', 'test/promises/root.test.ts', 'test/laws/fold.test.ts'].map(
  (name) => testFile(ROOT, name),
);

twice('are of promises that hold whatever the policy says, in another environment', () => {
  const [crash, ...others] = secondRuns(FILES);

  assert.equal(
    [crash?.name, crash?.script],
    ['test/promises/crash.test.ts with everything on', FILES[0]?.script],
  );
  assert.equal(crash?.env, { BANSPOOL_TEST_POLICY: 'everything' });
  assert.equal(others, []);
});

twice('are of all promises, where they are asked for', () => {
  const names = everySecondRun(FILES).map(({ name }) => name);

  assert.equal(
    names,
    ['crash', 'root'].map((name) => `test/promises/${name}.test.ts with everything on`),
  );
});

twice.run();
