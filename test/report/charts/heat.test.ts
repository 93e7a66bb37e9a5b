import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { heatMap, shadeOf, SHADES } from '../../../src/report/charts/heat.ts';

const chart = suite('a heat map');

chart('has a cell for each hour, each with its amount', () => {
  const rows = Array.from({ length: 7 }, (_, day) => Array.from({ length: 24 }, (__, hour) => day * hour));
  const { text } = heatMap({
    label: 'Bans',
    rows,
    title: (row, hour, amount) => `${row} ${hour}: ${amount}`,
  });

  assert.is(text.match(/<rect/g)?.length, 168);
  assert.match(text, /<rect class="q5"[^>]*><title>6 23: 138<\/title>/);
});

chart('keeps the lightest shade for nothing, and the darkest for the most', () => {
  assert.equal(
    [0, 1, 50, 100].map((amount) => shadeOf(amount, 100)),
    [0, 1, 3, SHADES - 1],
  );
  assert.is(shadeOf(1, 100_000), 1);
});

chart.run();
