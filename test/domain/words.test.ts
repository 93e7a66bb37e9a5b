import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agoText, countText, numberText, portsText, timeText, untilText } from '../../src/domain/words.ts';

const words = suite('words');

const NOW = Date.UTC(2026, 10, 22, 14, 5, 9, 999);

words('a time is one in UTC, to the second', () => {
  assert.is(timeText(NOW), '2026-11-22 14:05:09 UTC');
});

words('an end is a time, or the unban', () => {
  assert.equal([untilText(NOW), untilText(Infinity)], ['until 2026-11-22 14:05:09 UTC', 'until unbanned']);
});

words('a time of the past is told by how long ago it was', () => {
  const times = [0, 999, 1_000, 180_000, 7_200_000, -5_000].map((ago) => agoText(NOW - ago, NOW));

  assert.equal(times, ['now', 'now', '1 second ago', '3 minutes ago', '2 hours ago', 'now']);
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
