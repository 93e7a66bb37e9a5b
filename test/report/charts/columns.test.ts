import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columnChart } from '../../../src/report/charts/columns.ts';

const chart = suite('a chart of columns');

chart('shows what is there, however little it is, and nothing where there is nothing', () => {
  const { text } = columnChart('Bans', [
    { name: 'a', amount: 1_000, title: 'a: 1,000' },
    { name: 'b', amount: 1, title: 'b: 1' },
    { name: 'c', amount: 0, title: 'c: 0' },
  ]);

  const heights = Array.from(text.matchAll(/class="s0".*? height="([\d.]+)"/g), ([, height]) =>
    Number(height),
  );
  assert.equal(heights, [142, 2, 0]);
  assert.match(text, /<title>b: 1<\/title>/);
});

chart.run();
