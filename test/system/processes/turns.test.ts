import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inSlices, Stopped, turns } from '../../../src/system/processes/turns.ts';
import { eventually } from '../../support/eventually.ts';

const test = suite('turns');

test('let work wait for a pass to end', async () => {
  let isPassing = true;
  let isDone = false;
  const turn = turns({ isPassing: () => isPassing, isStopped: () => false });

  const waited = turn().then(() => (isDone = true));
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  const early = isDone;
  isPassing = false;
  await waited;

  assert.not.ok(early);
});

test('let others do something once a slice is over, and not before', async () => {
  let others = 0;
  const turn = turns({ isPassing: () => false, isStopped: () => false });
  setImmediate(() => (others += 1));

  await turn();
  const early = others;
  const begun = performance.now();
  while (performance.now() - begun < 6);
  await turn();

  assert.equal([early, others], [0, 1]);
});

test('end work that is no longer wanted', async () => {
  const turn = turns({ isPassing: () => true, isStopped: () => true });

  await eventually(async () => {
    const failure = await turn().catch((error: unknown) => error);
    assert.instance(failure, Stopped);
  });
});

test('are waited for wherever work yields', async () => {
  let taken = 0;
  function* work(): Generator<undefined, string> {
    yield;
    yield;
    return 'done';
  }

  const result = await inSlices(work(), () => {
    taken += 1;
    return Promise.resolve();
  });

  assert.equal([result, taken], ['done', 2]);
});

test.run();
