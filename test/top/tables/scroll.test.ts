import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { matches, rangeText, windowOf } from '../../../src/top/tables/scroll.ts';
import { FIRST_VIEW } from '../../../src/top/view.ts';

const test = suite('top/scroll');

test('a filter is found in any text, in capitals or not', () => {
  assert.ok(matches('WEB', ['sshd', 'web1']));
  assert.ok(matches('', ['sshd']));
  assert.not(matches('web', ['sshd']));
});

test('rows are shown from the offset on, and the last one beyond the end', () => {
  assert.equal(windowOf([1, 2, 3, 4], 1, 2), [2, 3]);
  assert.equal(windowOf([1, 2, 3, 4], 9, 2), [4]);
  assert.equal(windowOf([], 9, 2), []);
});

test('tells how many there are, from which on they are shown, and that they match', () => {
  assert.is(rangeText(FIRST_VIEW, 1_200), '1,200');
  assert.is(rangeText({ ...FIRST_VIEW, offset: 6 }, 12), 'from 7 of 12');
  assert.is(rangeText({ ...FIRST_VIEW, filter: 'x' }, 2), '2 match');
  assert.is(rangeText({ ...FIRST_VIEW, offset: 6 }, 0), '0');
});

test.run();
