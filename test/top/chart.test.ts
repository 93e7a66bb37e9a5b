import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { chartLines } from '../../src/top/chart.ts';

const test = suite('top/chart');

test('the highest bar takes the whole height, and the least can be told from nothing', () => {
  assert.equal(chartLines([0, 1, 50, 100], { width: 4, height: 1, charset: 'utf8' }), ['▁▂▄█']);
  assert.equal(chartLines([0, 1, 50, 100], { width: 4, height: 2, charset: 'utf8' }), ['   █', '▁▂██']);
  assert.equal(chartLines([0, 1, 50, 100], { width: 4, height: 1, charset: 'ascii' }), ['_.-#']);
  assert.equal(chartLines([0, 0], { width: 2, height: 1, charset: 'utf8' }), ['▁▁']);
});

test('the newest stand at the right, and the oldest are left out', () => {
  assert.equal(chartLines([8, 0, 8], { width: 2, height: 1, charset: 'utf8' }), ['▁█']);
  assert.equal(chartLines([8], { width: 3, height: 1, charset: 'utf8' }), ['  █']);
  assert.equal(chartLines([8], { width: 0, height: 1, charset: 'utf8' }), ['']);
});

test.run();
