import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { straighten } from '../../../src/replay/history/straighten.ts';

const test = suite('replay/straighten');

test('leaves times as they are that go forward, or stand still', () => {
  assert.equal(straighten([1, 2, 2, 5]), { times: [1, 2, 2, 5], changed: 0 });
  assert.equal(straighten([]), { times: [], changed: 0 });
});

test('believes no clock that was ahead, or behind, for a while', () => {
  assert.equal(straighten([10, 900, 901, 11, 12]), { times: [10, 10, 10, 11, 12], changed: 2 });
  assert.equal(straighten([10, 11, 12, 0, 1, 13]).times, [10, 11, 12, 12, 12, 13]);
  assert.equal(straighten([900, 1, 2, 3]).times, [1, 1, 2, 3]);
});

test.run();
