import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Minutes } from '../../src/top/minutes.ts';
import { bannedEvent, NOW } from '../support/top-seen.ts';

const test = suite('top/minutes');

function at(ago: number): { readonly time: string } {
  return { time: new Date(NOW - ago).toISOString() };
}

test('bans are counted in their minutes, those that are told as a number too', () => {
  const minutes = new Minutes();
  minutes.add(bannedEvent('203.0.113.1', at(60_001)));
  minutes.add(bannedEvent('203.0.113.2', at(60_000)));
  minutes.add({ kind: 'more', ...at(1), of: 'banned', count: 40 });
  minutes.add({ kind: 'more', ...at(1), of: 'ended', count: 7 });
  minutes.add(bannedEvent('203.0.113.3', { kind: 'changed', ...at(1) }));
  minutes.add({ kind: 'started', time: 'nonsense' });

  assert.equal(minutes.until(NOW).slice(-3), [1, 41, 0]);
  assert.equal(minutes.until(NOW + 60_000).slice(-4), [1, 41, 0, 0]);
});

test('is no longer however long it counts', () => {
  const minutes = new Minutes();
  for (let minute = 0; minute < 5_000; minute += 1)
    minutes.add(bannedEvent('203.0.113.1', at(-minute * 60_000)));

  const last = minutes.until(NOW + 4_999 * 60_000);

  assert.is(last.length, 500);
  assert.ok(last.every((count) => count === 1));
});

test.run();
