import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SeenBan, SeenBans } from '../../src/top/seen.ts';
import { withRates } from '../../src/top/with-rates.ts';
import { banOf } from '../support/top-seen.ts';

const test = suite('top/with-rates');

function readingOf(at: number, bans: readonly SeenBan[]): SeenBans {
  return { kind: 'read', at, bans, peers: [], uncounted: undefined };
}

function ratesOf(later: SeenBans, earlier: SeenBans): readonly unknown[] {
  const seen = withRates(later, earlier);
  return seen.kind === 'read' ? seen.bans.map(({ rate }) => rate) : [];
}

test('a rate is what was dropped between two readings, and what is new has none', () => {
  const before = readingOf(10_000, [
    banOf('192.0.2.1', { packets: 100 }),
    banOf('192.0.2.2', { packets: 50 }),
    banOf('192.0.2.4', { packets: null }),
  ]);
  const bans = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((ip) => banOf(ip, { packets: 120 }));
  const reset = [banOf('192.0.2.1', { packets: 30 }), banOf('192.0.2.2', { packets: null })];

  assert.equal(ratesOf(readingOf(20_000, bans), before), [2, 7, null, null]);
  assert.equal(ratesOf(readingOf(20_000, reset), before), [3, null]);
});

test('there is none before the second reading, nor of two at the same time', () => {
  const reading = readingOf(10_000, [banOf('192.0.2.1', { packets: 5 })]);

  assert.equal(ratesOf(reading, reading), [null]);
  assert.equal(ratesOf(reading, { kind: 'waiting' }), [null]);
  assert.equal(withRates({ kind: 'waiting' }, reading), { kind: 'waiting' });
});

test.run();
