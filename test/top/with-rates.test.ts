import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withRates } from '../../src/top/with-rates.ts';
import { banOf } from '../support/top-seen.ts';

const test = suite('top/with-rates');

test('a rate is what was dropped between two readings, and what is new has none', () => {
  const before = {
    at: 10_000,
    bans: [
      banOf('192.0.2.1', { packets: 100 }),
      banOf('192.0.2.2', { packets: 50 }),
      banOf('192.0.2.4', { packets: null }),
    ],
  };
  const bans = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'].map((ip) => banOf(ip, { packets: 120 }));
  const reset = [banOf('192.0.2.1', { packets: 30 }), banOf('192.0.2.1', { packets: null })];

  const rates = (counted: typeof bans): readonly unknown[] =>
    withRates({ at: 20_000, bans: counted }, before).map(({ rate }) => rate);

  assert.equal(rates(bans), [2, 7, null, null]);
  assert.equal(rates(reset), [3, null]);
  assert.equal(withRates({ at: 10_000, bans }, before), bans);
  assert.equal(withRates({ at: 10_000, bans }, undefined), bans);
});

test.run();
