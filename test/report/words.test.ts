import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../src/domain/words.ts';
import * as words from '../../src/report/words.ts';

const amounts = suite('amounts of the report');

/** A number stays with its unit on a line. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

amounts('have the unit that leaves few digits', () => {
  assert.equal([0, 999, 1_000, 74_471_554, 1.5e12].map(words.bytesText).map(plain), [
    '0 B',
    '999 B',
    '1.0 kB',
    '74 MB',
    '1.5 TB',
  ]);
  assert.equal([7, 99_999, 1_284_113].map(words.amountText).map(plain), ['7', '99,999', '1.3 M']);
  assert.equal([0.042, 1.34, 30, 600].map(words.secondsText).map(plain), [
    '42 ms',
    '1.3 s',
    '30 s',
    '10 min',
  ]);
});

amounts('of time are in the largest unit of which there are two', () => {
  const [second, hour, day] = [1_000, 3_600_000, 86_400_000];

  assert.equal(
    [-5, 34 * second, 119 * second, 120 * second, 26 * hour, 2.9 * day].map(words.spanText).map(plain),
    ['0 s', '34 s', '119 s', '2 min', '26 h', '2 d'],
  );
});

amounts('of two days are compared in parts of a hundred where there are enough', () => {
  const texts = [
    { now: 132, before: 118 },
    { now: 50, before: 100 },
    { now: 3, before: 1 },
    { now: 3, before: 0 },
    { now: 2, before: 2 },
  ].map(words.changeText);

  assert.equal(texts, [
    '118 the day before (+12 %)',
    '100 the day before (−50 %)',
    '1 the day before',
    'none the day before',
    'as many as the day before',
  ]);
});

amounts('of names end where there is no room for more', () => {
  assert.is(words.listText(['a', 'b', 'c']), 'a, b, c');
  assert.is(words.listText(['a', 'b', 'c', 'd'], 2), 'a, b and 2 more');
});

amounts('days and moments are short', () => {
  const time = Date.UTC(2026, 10, 24, 14, 5);

  assert.is(words.dayText(time, UTC), '24 Nov');
  assert.is(words.weekdayText(time, UTC), 'Tue 24 Nov');
  assert.is(words.momentText(time, UTC), '24 Nov 14:05');
  assert.is(
    words.momentText(time, () => ({ offset: 600, name: 'AEST' })),
    '25 Nov 00:05',
  );
  assert.is(words.hourText(Date.UTC(2026, 10, 24, 23, 30), UTC), '24 Nov 23:00–00:00');
  assert.is(
    words.hourText(Date.UTC(2026, 10, 24, 23, 30), () => ({ offset: 330, name: 'IST' })),
    '25 Nov 04:30–05:30',
  );
});

amounts.run();
