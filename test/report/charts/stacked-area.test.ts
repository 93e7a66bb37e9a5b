import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stackedArea } from '../../../src/report/charts/stacked-area.ts';

const chart = suite('a stacked area');

const names = Array.from({ length: 30 }, (_, day) => `day ${day}`);

chart(
  'has an area for each series, a column with its numbers for each day, and marks with their words',
  () => {
    const { text } = stackedArea({
      label: 'Bans',
      series: ['a', 'b'].map((name) => ({ name, counts: names.map((_, day) => day) })),
      titles: names.map((name) => `${name}: <b>`),
      names,
      marks: [{ at: 15, text: 'drift by ufw' }],
    });

    assert.equal(
      [
        '<path class="s',
        '<rect class="hit"',
        'day 3: &lt;b&gt;',
        '<g class="mark"><title>drift by ufw',
        'x1="50%"',
      ].map((part) => text.split(part).length - 1),
      [2, 30, 1, 1, 1],
    );
    assert.not.match(text, /NaN|undefined/);
  },
);

chart('draws the layers on top of each other: the top of one is the bottom of the next', () => {
  const { text } = stackedArea({
    label: 'Bans',
    series: [
      { name: 'a', counts: [4, 4] },
      { name: 'b', counts: [4, 4] },
    ],
    titles: ['1', '2'],
    names: ['1', '2'],
    marks: [],
  });

  const [lower = '', upper = ''] = Array.from(
    text.matchAll(/<path class="s\d" d="M0,([\d.]+)[^"]*"/g),
    ([, y = '']) => y,
  );
  assert.equal([lower, upper], ['117', '16']);
});

chart.run();
