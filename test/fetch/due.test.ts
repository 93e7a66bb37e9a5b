import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { afterFailure, afterSuccess, isDue, retryAfterOf } from '../../src/fetch/due.ts';
import type { FetchedNote } from '../../src/lists/fetched-note.ts';

const test = suite('when a list is asked for again');

const NOON = Date.UTC(2027, 0, 1, 12);
const [MINUTE, HOUR] = [60_000, 3_600_000];
const EVERY = { every: 12 * 3600 };

function noteOf(changed: Partial<FetchedNote>): FetchedNote {
  return {
    ...{
      version: 1,
      url: '',
      source: '',
      etag: null,
      lastModified: null,
      fetchedAt: NOON,
      confirmedAt: NOON,
    },
    ...{
      bytes: 1,
      sha256: '',
      triedAt: NOON,
      failures: 0,
      error: null,
      nextTry: NOON + 11 * HOUR,
      ...changed,
    },
  };
}

test('is after its pace, or a little earlier, so that hosts do not come all at once', () => {
  assert.is(afterSuccess(EVERY, NOON, 0), NOON + 12 * HOUR);
  assert.is(afterSuccess(EVERY, NOON, 1), NOON + 10.8 * HOUR);
});

test('is ever later while it fails, and never later than its pace', () => {
  const pauses = Array.from({ length: 40 }, (_, index) =>
    afterFailure(EVERY, NOON, { failures: index + 1, retryAfter: 0, chance: 0 }),
  ).map((at) => (at - NOON) / MINUTE);

  assert.equal(pauses.slice(0, 9), [5, 10, 20, 40, 80, 160, 320, 640, 720]);
  assert.is(pauses.at(-1), 720);
  assert.is(afterFailure(EVERY, NOON, { failures: 1, retryAfter: 0, chance: 1 }), NOON + 4.5 * MINUTE);
});

test('is not before the time that the server asks for, but for a day at the most', () => {
  const after = (retryAfter: number): number =>
    (afterFailure(EVERY, NOON, { failures: 1, retryAfter, chance: 0 }) - NOON) / HOUR;

  assert.equal([after(2 * HOUR), after(13 * HOUR), after(1000 * HOUR)], [2, 13, 24]);
  assert.is(retryAfterOf('7200', NOON), 2 * HOUR);
  assert.is(retryAfterOf('Fri, 01 Jan 2027 14:00:00 GMT', NOON), 2 * HOUR);
  for (const text of [undefined, '', 'soon', '-5', 'Fri, 01 Jan 2027 10:00:00 GMT'])
    assert.is(retryAfterOf(text, NOON), 0, text);
});

test('is now where nothing is known of it, its time has come, or the clock was set back', () => {
  assert.ok(isDue(undefined, EVERY, NOON));
  assert.ok(isDue(noteOf({ nextTry: null }), EVERY, NOON + 1));
  assert.ok(isDue(noteOf({}), EVERY, NOON + 11 * HOUR));
  assert.ok(isDue(noteOf({}), EVERY, NOON - 1));
  assert.not(isDue(noteOf({}), EVERY, NOON + 11 * HOUR - 1));
});

test('is earlier when people set another pace, but not where it waits for a server that fails', () => {
  const hourly = { every: 3600 };

  assert.ok(isDue(noteOf({}), hourly, NOON + HOUR));
  assert.not(isDue(noteOf({ failures: 1 }), hourly, NOON + HOUR));
});

test.run();
