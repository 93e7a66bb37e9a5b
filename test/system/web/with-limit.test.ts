import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withLimit } from '../../../src/system/web/with-limit.ts';
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
    void withLimit(
      { signal: new AbortController().signal, ms: 100 },
      (signal) =>
        new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            isOver = true;
            resolve();
          });
        }),
    );
  };
  listen();
  collectGarbage();

  await eventually(() => {
    collectGarbage();
    assert.ok(isOver);
  });
});

limited('comes with the other, before and after the work began, and not once that is over', async () => {
  const stop = new AbortController();
  const other = { signal: stop.signal, ms: 60_000 };
  const seen: AbortSignal[] = [];
  const see = (signal: AbortSignal): Promise<void> => Promise.resolve(void seen.push(signal));
  await withLimit(other, see);
  const during = withLimit(other, async (signal) => {
    stop.abort();
    await see(signal);
  });
  await during;
  await withLimit(other, see);

  assert.equal(
    seen.map(({ aborted }) => aborted),
    [false, true, true],
  );
});

limited.run();
