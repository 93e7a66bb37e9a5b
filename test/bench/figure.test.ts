import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { figureOf, rowOf, type Goal } from './figure.ts';
import { markdownTable, textTable } from './table.ts';

const figures = suite('bench/figure');

const BARE = { what: 'ipset add', samples: [10, 10, 10] };

const reachedWith = (most: Goal['most'], base?: readonly number[]): boolean | undefined =>
  rowOf(
    figureOf('a ban', [4, 5, 6], { bare: BARE, goal: { words: 'so', most } }),
    base && figureOf('a ban', base),
  ).reached;

figures('a goal is reached when no value is over its limit', () => {
  assert.is(reachedWith({ median: 5, p99: 6, ratio: 0.5 }), true);
  assert.is(reachedWith({ median: 4.9 }), false);
  assert.is(reachedWith({ median: 5, p99: 5.9 }), false);
  assert.is(reachedWith({ ratio: 0.4 }), false);
});

figures('a goal to the base is judged where a base was measured', () => {
  assert.is(reachedWith({ toBase: 0.5 }), undefined);
  assert.is(reachedWith({ toBase: 0.5 }, [8, 10, 12]), true);
  assert.is(reachedWith({ toBase: 0.5 }, [7, 9, 11]), false);
  assert.is(reachedWith({ toBase: 0.5, median: 1 }), false);
});

figures('a table without a base has no column about one', () => {
  const row = rowOf(figureOf('a ban', [4, 5, 6], { bare: BARE }));

  assert.is(
    textTable([row]),
    [
      'what   median  p99     n  bare tool         ratio  to reach',
      'a ban  5.0 ms  6.0 ms  3  ipset add: 10 ms  0.50',
    ].join('\n'),
  );
});

figures('a table with a base tells its median, the ratio with its bounds, and why there is none', () => {
  const goal: Goal = { words: 'half of the base', most: { toBase: 0.5 } };
  const row = rowOf(figureOf('a ban', [4, 5, 6], { bare: BARE, goal }), figureOf('a ban', [8, 10, 12]));
  const missing = rowOf(figureOf('an idle day', [64], { unit: 'MB' }), 'has no such figure');

  assert.is(
    markdownTable([row, missing]),
    [
      "| what | median | p99 | n | base | to base (95 %) | bare tool | ratio | base's ratio | to reach |  |",
      '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
      '| a ban | 5.0 ms | 6.0 ms | 3 | 10 ms | 0.50 (0.50 to 0.50) | ipset add: 10 ms | 0.50 |  | half of the base | yes |',
      '| an idle day | 64 MB |  | 1 | has no such figure |  |  |  |  |  |  |',
    ].join('\n'),
  );
});

figures.run();
