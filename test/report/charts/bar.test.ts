import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bar } from '../../../src/report/charts/bar.ts';

const chart = suite('a bar');

chart('is as long as its part of the most', () => {
  assert.match(bar(5, 20, 1).text, /<rect class="s1" width="25%"/);
  assert.match(bar(0, 0).text, /<rect class="s0" width="0%"/);
});

chart.run();
