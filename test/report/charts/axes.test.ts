import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { axisFor, gridOf, numbersOf, percent } from '../../../src/report/charts/axes.ts';

const axes = suite('the axis of a chart');

axes('ends at a round number at or above the most, and has whole ticks', () => {
  const axis = axisFor(267, 240, 22);

  assert.is(axis.top, 300);
  assert.equal(axis.ticks, [0, 100, 200, 300]);
  assert.is(axis.y(0), 218);
  assert.is(axis.y(300), 16);
  assert.equal(axisFor(0, 240, 22).ticks, [0, 1, 2, 3, 4]);
});

axes('has a line for each tick, and a number for each but nothing', () => {
  const axis = axisFor(4, 240, 22);

  assert.is(gridOf(axis).text.match(/<line/g)?.length, 5);
  assert.is(numbersOf(axis).text.match(/<text/g)?.length, 4);
});

axes('places by percent', () => {
  assert.is(percent(1, 3), '33.33%');
});

axes.run();
