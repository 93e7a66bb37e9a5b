import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../src/domain/words.ts';
import { bytesText, clockText, momentText, rateText, shortAgo, shortSpan } from '../../src/top/amounts.ts';

const test = suite('top/amounts');

const TIME = Date.parse('2026-11-29T23:30:05.123Z');
const CET = (): { offset: number; name: string } => ({ offset: 60, name: 'CET' });

test('a span is told in its largest unit', () => {
  const spans = [-5, 999, 1_000, 59_999, 60_000, 3_599_999, 3_600_000, 172_799_999, 172_800_000, NaN];

  assert.equal(spans.map(shortSpan), [
    'now',
    'now',
    '1 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '47 h',
    '2 d',
    'now',
  ]);
  assert.equal([shortAgo(TIME, TIME + 61_000), shortAgo(TIME, TIME)], ['1 min ago', 'now']);
});

test('a time is told by the clocks of the zone, with its day where that is another', () => {
  assert.is(clockText(TIME, UTC), '23:30:05');
  assert.is(clockText(TIME, CET), '00:30:05');
  assert.is(momentText(TIME, TIME + 60_000, UTC), '23:30:05');
  assert.is(momentText(TIME, TIME + 3_600_000, UTC), '11-29 23:30');
  assert.is(momentText(TIME, TIME + 3_600_000, CET), '00:30:05');
  assert.is(momentText(NaN, TIME, UTC), '?');
});

test('a rate has a decimal where it is small, and is not nothing unless it is', () => {
  assert.equal([0, 0.001, 0.44, 9.94, 9.95, 12_345.6].map(rateText), [
    '0',
    '0.1',
    '0.4',
    '9.9',
    '10',
    '12,346',
  ]);
});

test('bytes have three digits at the most', () => {
  const amounts = [0, 999, 1_000, 9_950, 99_949, 99_950, 999_499, 999_500, 1_234_567_890, 1e18];

  assert.equal(amounts.map(bytesText), [
    ...['0 B', '999 B', '1.0 kB', '9.9 kB', '99.9 kB', '100 kB', '999 kB', '1.0 MB', '1.2 GB', '1000 PB'],
  ]);
});

test.run();
