import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BOUNDS, EMPTY_HISTOGRAM, observe } from '../../src/status/histogram.ts';

const histogram = suite('histogram');

histogram('the bounds go from ten milliseconds to half a minute', () => {
  assert.equal([...BOUNDS], [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]);
});

histogram('each duration is counted below the first bound that it does not exceed', () => {
  const none = EMPTY_HISTOGRAM.counts;

  for (const [index, bound] of BOUNDS.entries()) {
    const { counts } = observe(EMPTY_HISTOGRAM, [bound, bound + 0.001]);

    assert.equal(
      counts,
      none.map((_, at) => Number(at === index) + Number(at === index + 1)),
      `${bound} s`,
    );
  }
});

histogram('what was counted before stays, and the sum grows', () => {
  const { counts, sum } = observe(observe(EMPTY_HISTOGRAM, [0.02, 100]), [0.02]);

  assert.equal(counts, [0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  assert.ok(Math.abs(sum - 100.04) < 1e-9);
});

histogram.run();
