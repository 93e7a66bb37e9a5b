import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC, type Zone } from '../../src/domain/words.ts';
import { historyOf as historyOfSums, medianOf } from '../../src/report/history.ts';
import { monthBegin, MonthSums } from '../../src/report/month-sums.ts';
import type { Hour } from '../../src/rollup/hour.ts';
import { EMPTY_HISTOGRAM, observe } from '../../src/status/histogram.ts';

const test = suite('a month of hours');

const HOUR = 3_600_000;
/** A Saturday. */
const NOW = Date.UTC(2026, 10, 28, 21, 40);

function historyOf(hours: readonly Hour[], now: number, zone: Zone): ReturnType<typeof historyOfSums> {
  return historyOfSums(new MonthSums(monthBegin(now), zone).add(hours));
}

function hour(ago: number, figures: Partial<Hour> = {}): Hour {
  const time = Math.floor(NOW / HOUR) * HOUR - ago * HOUR;
  const unseen = { refused: null, packets: null, bytes: null, latency: null };
  return { time, bans: [], ended: 0, drift: [], ...unseen, ...figures };
}

const bans = (server: string, count: number, jail = 'sshd'): Hour['bans'] => [{ server, jail, count }];

test('has days of 24 hours that end with the hour that is under way', () => {
  const { days, byServer, bansOfDay, yesterday } = historyOf(
    [
      hour(0, { bans: bans('web1', 1) }),
      hour(23, { bans: bans('web1', 2) }),
      hour(24, { bans: bans('web1', 40) }),
      hour(30 * 24, { bans: bans('web1', 500) }),
    ],
    NOW,
    UTC,
  );

  assert.is(days.length, 30);
  assert.is(days.at(-1), Date.UTC(2026, 10, 27, 22));
  assert.equal(byServer[0]?.counts.slice(-3), [0, 40, 3]);
  assert.is(bansOfDay, 3);
  assert.equal(yesterday.bans, { now: 3, before: 40 });
  assert.is(yesterday.rise, undefined);
});

test('puts the servers with the fewest bans together', () => {
  const many = Array.from({ length: 9 }, (_, index) => ({
    server: `web${index}`,
    jail: `jail${index}`,
    count: 10 - index,
  }));
  const { byServer, byJail } = historyOf([hour(0, { bans: many })], NOW, UTC);

  assert.equal(
    byServer.map(({ name, counts }) => `${name} ${counts.at(-1) ?? 0}`),
    ['web0 10', 'web1 9', 'web2 8', 'web3 7', 'web4 6', 'web5 5', '3 others 9'],
  );
  assert.is(byJail.length, 9);
});

test('tells which server banned most more than the day before', () => {
  const { yesterday } = historyOf(
    [
      hour(1, { bans: [...bans('web1', 30), ...bans('web2', 9)] }),
      hour(25, { bans: [...bans('web1', 20), ...bans('web2', 1)] }),
    ],
    NOW,
    UTC,
  );

  assert.equal(yesterday.rise, { server: 'web1', bans: { now: 30, before: 20 } });
});

test('marks drift with who did it', () => {
  const { drift, yesterday } = historyOf(
    [hour(2, { drift: [{ culprit: 'ufw', count: 3 }] }), hour(50, { drift: [{ culprit: '', count: 2 }] })],
    NOW,
    UTC,
  );

  assert.equal(
    drift.map(({ repairs, culprits }) => ({ repairs, culprits })),
    [
      { repairs: 2, culprits: [] },
      { repairs: 3, culprits: ['ufw'] },
    ],
  );
  assert.equal([yesterday.drift, yesterday.culprits], [{ now: 3, before: 0 }, ['ufw']]);
});

test('has the hours of the week in the zone of who looks', () => {
  const hours = [hour(0, { bans: bans('web1', 7) })];

  assert.is(historyOf(hours, NOW, UTC).week[5]?.[21], 7);
  assert.is(historyOf(hours, NOW, () => ({ offset: 180, name: '+03' })).week[6]?.[0], 7);
});

test('sums up what was dropped, refused and timed in the last 24 hours', () => {
  const latency = observe(EMPTY_HISTOGRAM, [0.02, 0.03, 0.04]).counts;
  const history = historyOf(
    [
      hour(1, { refused: [{ server: 'web1', count: 2 }], packets: 10, bytes: 600, latency }),
      hour(2, { packets: 1, bytes: 60 }),
      hour(48, { refused: [{ server: 'web1', count: 5 }], packets: 99, bytes: 1, latency }),
    ],
    NOW,
    UTC,
  );

  assert.equal(history.dropped, { packets: 11, bytes: 660 });
  assert.equal([history.refusedOfDay, history.median], [2, 0.05]);
  assert.is(
    history.latency.counts.reduce((sum, count) => sum + count, 0),
    6,
  );
  assert.is(historyOf([], NOW, UTC).dropped, undefined);
});

test('a median is the bound that half of all stay below', () => {
  assert.is(medianOf(EMPTY_HISTOGRAM), undefined);
  assert.is(medianOf(observe(EMPTY_HISTOGRAM, [0.005, 0.2, 0.2])), 0.25);
  assert.is(medianOf(observe(EMPTY_HISTOGRAM, [60])), 30);
});

test.run();
