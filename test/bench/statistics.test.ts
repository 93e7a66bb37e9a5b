import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { median, quantile, ratioOfPairs } from './statistics.ts';

const statistics = suite('bench/statistics');

statistics('a median lies in the middle, between two where there is no middle one', () => {
  assert.is(median([9, 1, 5]), 5);
  assert.is(median([4, 1, 2, 9]), 3);
  assert.is(median([7]), 7);
  assert.ok(Number.isNaN(median([])));
});

statistics('a quantile is one of the samples, and the greatest where the share is near 1', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

  assert.is(quantile(hundred, 0.5), 51);
  assert.is(quantile(hundred, 0.99), 100);
  assert.is(quantile([3], 0.99), 3);
});

statistics('a ratio is that of pairs: what slows both of a pair changes nothing', () => {
  const slow = [1, 1, 10, 100, 1, 7, 1, 3];

  const ratio = ratioOfPairs(
    slow.map((times) => 2 * times),
    slow.map((times) => 4 * times),
  );

  assert.equal(ratio, { median: 0.5, low: 0.5, high: 0.5 });
});

statistics('the bounds hold the median, and come closer with more samples', () => {
  const few = [0.8, 1.2, 0.9, 1.1, 1, 0.7, 1.3, 1.05];
  const many = Array.from({ length: 20 }, () => few).flat();
  const ones = many.map(() => 1);

  const [wide, narrow] = [ratioOfPairs(few, ones), ratioOfPairs(many, ones)];

  for (const { low, median: middle, high } of [wide, narrow]) assert.ok(low <= middle && middle <= high);
  assert.ok(wide.low < 1 && wide.high > 1);
  assert.ok(narrow.high - narrow.low < wide.high - wide.low);
  assert.equal(ratioOfPairs(few, ones), wide);
});

statistics('who has more samples is compared by those that have a partner', () => {
  assert.is(ratioOfPairs([2, 2, 90], [1, 1]).median, 2);
});

statistics.run();
