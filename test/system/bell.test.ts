import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bell } from '../../src/system/bell.ts';

const test = suite('a bell');

/** Far longer than the runner lets a test file take. */
const FOR_EVER_MS = 3_600_000;

test('wakes who waits, and who comes after it rang, but once', async () => {
  const bell = new Bell();
  const waiting = bell.wait(FOR_EVER_MS);
  bell.ring();
  await waiting;

  bell.ring();
  bell.ring();
  await bell.wait(FOR_EVER_MS);

  const again = bell.wait(FOR_EVER_MS).then(() => 'woken');
  assert.is(await Promise.race([again, turn('asleep')]), 'asleep');
  bell.ring();
  assert.is(await again, 'woken');
});

test('wakes who waits when time is up', async () => {
  await new Bell().wait(1);
});

test('lets who waits for longer than a timer can go on waiting', async () => {
  const bell = new Bell();
  const waiting = bell.wait(2 ** 40).then(() => 'woken');

  // A timer that overflows fires after one millisecond, and so before this one.
  const first = await Promise.race([waiting, delay(20, 'asleep')]);

  assert.is(first, 'asleep');
  bell.ring();
  await waiting;
});

test('that rings on and on lets timers have their turn', async () => {
  const bell = new Bell();
  const over = new AbortController();
  setTimeout(() => {
    over.abort();
  }, 1);

  while (!over.signal.aborted) {
    bell.ring();
    await bell.wait(FOR_EVER_MS);
  }
});

test.run();
