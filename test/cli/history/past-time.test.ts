import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pastTime } from '../../../src/cli/history/past-time.ts';
import { UTC, type Zone } from '../../../src/domain/words.ts';

const time = suite('a time of the past');

const NOW = Date.UTC(2026, 10, 28, 14, 5);

/** Where clocks were set back from 3 to 2 o'clock on the 25th of October, at 1 o'clock in UTC. */
const BERLIN: Zone = (at) =>
  at < Date.UTC(2026, 9, 25, 1) ? { offset: 120, name: 'CEST' } : { offset: 60, name: 'CET' };

time('is how long ago, or a date or a time of the zone, or one with a zone of its own', () => {
  for (const [text, expected] of [
    ['2h', NOW - 7_200_000],
    ['1d12h', NOW - 36 * 3_600_000],
    ['0', NOW],
    ['2026-11-27', Date.UTC(2026, 10, 26, 23)],
    ['2026-10-25', Date.UTC(2026, 9, 24, 22)],
    ['2026-10-26', Date.UTC(2026, 9, 25, 23)],
    ['2026-11-27 14:05', Date.UTC(2026, 10, 27, 13, 5)],
    ['2026-10-25 03:05', Date.UTC(2026, 9, 25, 2, 5)],
    ['2026-11-27T14:05:09', Date.UTC(2026, 10, 27, 13, 5, 9)],
    ['2026-11-27T14:05:09Z', Date.UTC(2026, 10, 27, 14, 5, 9)],
    ['2026-11-27 14:05+02:00', Date.UTC(2026, 10, 27, 12, 5)],
  ] as const)
    assert.is(pastTime('--since', text, { now: NOW, zone: BERLIN }), expected, text);
  assert.is(pastTime('--since', '2026-11-27', { now: NOW, zone: UTC }), Date.UTC(2026, 10, 27));
});

time('that is none is quoted, with what would do', () => {
  for (const text of ['', 'yesterday', '3M', '2026-02-30', '2026-11-27T25:00', '27.11.2026', '-2h'])
    try {
      assert.unreachable(String(pastTime('--since', text, { now: NOW, zone: BERLIN })));
    } catch (error) {
      assert.match(String(error), `--since: ${JSON.stringify(text)} is not a valid time`);
    }
});

time.run();
