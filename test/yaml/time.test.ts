import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseDay, parseDuration, parseTime, parseUtc, unclearDuration } from '../../src/yaml/time.ts';

const time = suite('time');

time('a time has a zone and may have fractions', () => {
  const times = [
    '2026-11-22T13:30:00Z',
    '2026-11-22 13:30:00Z',
    '2026-11-22T13:30Z',
    '2026-11-22T13:30:00.25Z',
    '2026-11-22T15:30:00+02:00',
    '2028-02-29T00:00:00Z',
  ].map(parseTime);

  const start = Date.UTC(2026, 10, 22, 13, 30);
  assert.equal(times, [start, start, start, start + 250, start, Date.UTC(2028, 1, 29)]);
});

time('what is nearly a time is none', () => {
  const wrong = [
    '',
    '2026-11-22',
    '2026-11-22T13:30:00',
    '2026-11-22T13:30:00+02',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22T13:30:00Z ',
    '22 Nov 2026',
    '1795330538',
  ];

  const taken = wrong.filter((text) => parseTime(text) !== undefined);

  assert.equal(taken, []);
});

time('what was written as a time is read as the same one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 250_000_000_000_000 }), (milliseconds) => {
      assert.is(parseTime(new Date(milliseconds).toISOString()), milliseconds);
    }),
  );
});

time('digits read fast are the time that Date reads, on every day of a leap cycle', () => {
  const days = Array.from({ length: 400 * 366 }, (_, index) => new Date(index * 86_400_000 + 45_296_789));

  const wrong = days.filter((day) => parseUtc(day.toISOString()) !== day.getTime());

  assert.equal(wrong, []);
});

time('digits that are no time are none', () => {
  const wrong = [
    ...['1969-12-31T23:59:59.999Z', '2026-00-01T00:00:00.000Z', '2026-13-01T00:00:00.000Z'],
    ...['2026-02-29T00:00:00.000Z', '2100-02-29T00:00:00.000Z', '2026-04-31T00:00:00.000Z'],
    ...['2026-01-32T00:00:00.000Z', '2026-01-00T00:00:00.000Z', '2026-01-01T24:00:00.000Z'],
    ...['2026-01-01T00:60:00.000Z', '2026-01-01T00:00:60.000Z', '2026-01-01 00:00:00.000Z', ''],
    ...[
      '2026-01-01T00:00:00.00Z',
      '2026-01-01T00:00:00.000z',
      '2026-01-01T00:00:00.000Z ',
      '2o26-01-01T00:00:00.000Z',
    ],
  ];

  const taken = wrong.filter((text) => parseUtc(text) !== undefined);

  assert.equal(taken, []);
});

time('a day is its start in UTC, and has to exist', () => {
  const days = ['2027-01-01', '2028-02-29', '2027-02-29', '2027-1-1', '2027-01-01 junk', ''].map(parseDay);

  assert.equal(days, [Date.UTC(2027, 0), Date.UTC(2028, 1, 29), undefined, undefined, undefined, undefined]);
});

time('a duration is a number of seconds, or has a unit', () => {
  const durations = ([600, '600', '90s', '2h', '30d', 0.5, '1.5h', 0] as const).map(parseDuration);

  assert.equal(durations, [600_000, 600_000, 90_000, 7_200_000, 2_592_000_000, 500, 5_400_000, 0]);
});

time('a duration may be a sum, and have months, as in fail2ban', () => {
  const durations = ['1mo', '1d12h', '1d 12h', '1 h 5 m', '2months', '1w 2d'].map(parseDuration);

  assert.equal(durations, [2_629_800_000, 129_600_000, 129_600_000, 3_900_000, 5_259_600_000, 777_600_000]);
});

time('a capital M is refused, as months or minutes, and both are offered', () => {
  const cases = {
    '3M': ['3mo', '3m'],
    '3 M': ['3 mo', '3 m'],
    '1.5M': ['1.5mo', '1.5m'],
    '.5M': undefined,
    '1M12d': ['1mo12d', '1m12d'],
    '1d 2M': ['1d 2mo', '1d 2m'],
    '1M 2M': ['1mo 2mo', '1m 2m'],
    '1M30M': ['1mo30mo', '1m30m'],
  };
  for (const [text, offered] of Object.entries(cases)) {
    const unclear = unclearDuration(text);

    assert.is(parseDuration(text), undefined, text);
    if (offered === undefined) continue;
    assert.equal(unclear && [unclear.months, unclear.minutes], offered, text);
    assert.ok(
      offered.every((each) => parseDuration(each) !== undefined),
      text,
    );
  }
});

time('another unit in capitals is clear, as is one that only begins with M', () => {
  const durations = ['3D', '2H', '90S', '3MIN', '3Min', '1MO', '1Mo', '1Y'].map(parseDuration);

  assert.equal(durations, ['3d', '2h', '90s', '3m', '3m', '1mo', '1mo', '1y'].map(parseDuration));
  assert.equal(
    ['M', 'xM', 'P3M', '3M5', '3', '3m', '', 'Mmm 3'].map(unclearDuration),
    Array(8).fill(undefined),
  );
});

time('what is no duration is refused, however long or empty', () => {
  const wrong = [
    '',
    'x',
    '5x',
    '1.2.3',
    'never',
    Infinity,
    NaN,
    's',
    '9'.repeat(400),
    '1 h 5 x',
    '1d 12',
    '1d-1h',
    '1h'.repeat(60),
  ].map(parseDuration);

  assert.ok(wrong.every((duration) => duration === undefined));
});

time.run();
