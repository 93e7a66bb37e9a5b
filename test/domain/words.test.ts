import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  agoText,
  countText,
  durationText,
  inText,
  minuteText,
  numberText,
  portsText,
  timeText,
  untilText,
  type Zone,
} from '../../src/domain/words.ts';
import { parseDuration } from '../../src/yaml/time.ts';

const words = suite('words');

const NOW = Date.UTC(2026, 10, 22, 14, 5, 9, 999);

/** Of a change of clocks at this time. */
const changing =
  (at: number, before: [number, string], after: [number, string]): Zone =>
  (time) => {
    const [offset, name] = time < at ? before : after;
    return { offset, name };
  };

words('a time is one in UTC, to the second, where nobody names another zone', () => {
  assert.is(timeText(NOW), '2026-11-22 14:05:09 UTC');
});

words(
  'a time is what clocks show in a zone, with its name, whatever it is ahead by, and over a new year',
  () => {
    const texts = [
      timeText(NOW, () => ({ offset: 60, name: 'CET' })),
      timeText(NOW, () => ({ offset: 345, name: '+0545' })),
      timeText(NOW, () => ({ offset: -150, name: '-0230' })),
      minuteText(Date.UTC(2026, 11, 31, 23, 40), () => ({ offset: 630, name: '+1030' })),
    ];

    assert.equal(texts, [
      ...['2026-11-22 15:05:09 CET', '2026-11-22 19:50:09 +0545', '2026-11-22 11:35:09 -0230'],
      '2027-01-01 10:10 +1030',
    ]);
  },
);

words('an hour that clocks show twice is told apart by the name of the zone', () => {
  const change = Date.UTC(2026, 9, 25, 1);
  const berlin = changing(change, [120, 'CEST'], [60, 'CET']);

  const texts = [-1_000, 0, 3_599_000].map((after) => timeText(change + after, berlin));

  assert.equal(texts, ['2026-10-25 02:59:59 CEST', '2026-10-25 02:00:00 CET', '2026-10-25 02:59:59 CET']);
});

words('an end is a time, or the unban', () => {
  const zone: Zone = () => ({ offset: 60, name: 'CET' });

  assert.equal(
    [untilText(NOW), untilText(NOW, zone), untilText(Infinity, zone)],
    ['until 2026-11-22 14:05:09 UTC', 'until 2026-11-22 15:05:09 CET', 'until unbanned'],
  );
});

words('a time of the past is told by how long ago it was, in two units at the most', () => {
  const times = [0, 999, 1_000, 180_000, 5_400_000, 86_399_999, 187_930_000, -5_000];

  const told = times.map((ago) => agoText(NOW - ago, NOW));

  assert.equal(told, [
    ...['now', 'now', '1 s ago', '3 min ago', '1 h 30 min ago', '1 d ago', '2 d 4 h ago', 'now'],
  ]);
});

words('a time to come is told by how long it takes until then', () => {
  const times = [599_990, 5_400_000, 300, -5_000].map((until) => inText(NOW + until, NOW));

  assert.equal(times, ['in 10 min', 'in 1 h 30 min', 'now', 'now']);
});

words('a duration is exact to the second, and a short one to the millisecond', () => {
  const texts = [0, 250, 45_000, 5_400_000, 187_200_000, 90_061_000].map(durationText);

  assert.equal(texts, ['0 ms', '250 ms', '45 s', '1 h 30 min', '2 d 4 h', '1 d 1 h 1 min 1 s']);
});

words('a duration says what the program reads as the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (seconds) => {
      const read = parseDuration(durationText(seconds * 1000).replaceAll('min', 'm'));

      assert.is(read, seconds * 1000);
    }),
  );
});

words('a count agrees with its word', () => {
  assert.equal(
    [0, 1, 2, 2000].map((count) => countText(count, 'ban')),
    ['0 bans', '1 ban', '2 bans', '2,000 bans'],
  );
});

words('a number is written with commas, as it is with what Node has for that', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), (count) => {
      assert.is(numberText(count), count.toLocaleString('en-US'));
    }),
  );
});

words('ports stand before their protocols, and all is said once', () => {
  const scopes = [
    'tcp 22,2222',
    'tcp,udp 80:90',
    'tcp all',
    'all all',
    'all 22',
    'icmp 22',
    'tcp,icmp 22',
    'esp all',
  ];

  const said = scopes.map((scope) => portsText(...(scope.split(' ') as [string, string])));

  assert.equal(said, [
    ...['22,2222/tcp', '80:90/tcp,udp', 'all tcp ports', 'all ports'],
    ...['all ports', 'all icmp', '22/tcp, all icmp', 'all esp'],
  ]);
});

words.run();
