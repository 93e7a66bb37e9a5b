import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { limitedSignal } from '../../../src/system/web/limited-signal.ts';
import { eventually } from '../../support/eventually.ts';

const limited = suite('a signal with a limit');

/** Whatever is not held is gone after it. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

limited('comes when its time is over, though nobody holds anything but what it is told by', async () => {
  let isOver = false;
  // Not in this function, whose variables live on.
  const listen = (): void => {
    limitedSignal(new AbortController().signal, 100).signal.addEventListener('abort', () => {
      isOver = true;
    });
  };
  listen();
  collectGarbage();

  await eventually(() => {
    collectGarbage();
    assert.ok(isOver);
  });
});

limited('comes with the other, before and after it was made, and not once it is disposed of', () => {
  const stop = new AbortController();
  using before = limitedSignal(stop.signal, 60_000);
  const disposed = limitedSignal(stop.signal, 60_000);
  disposed[Symbol.dispose]();
  stop.abort();
  using after = limitedSignal(stop.signal, 60_000);

  assert.equal([before.signal.aborted, after.signal.aborted, disposed.signal.aborted], [true, true, false]);
});

limited.run();
