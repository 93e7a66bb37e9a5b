import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countAlarm, countEvent, culpritOf, emptyTally } from '../../src/notify/tally.ts';
import { bannedOf, driftOf, NOON, refusedOf } from '../support/messenger.ts';

const test = suite('the tally of a day');

test('counts bans by server and jail and by address, drift by program, refused files by server', () => {
  const tally = emptyTally(NOON);

  for (const event of [
    ...[bannedOf('203.0.113.7'), bannedOf('203.0.113.7', { server: 'web2' }), bannedOf('203.0.113.8')],
    ...[driftOf(NOON, ['iptables (pid 1)']), driftOf(NOON, ['iptables (pid 2)']), driftOf(NOON, [])],
    ...[refusedOf('web1'), refusedOf('web1')],
    { kind: 'more', time: '', of: 'banned', count: 10 } as const,
    { kind: 'policy', time: '', line: 'policy: 2 bans lifted' } as const,
  ])
    countEvent(tally, event);

  assert.is(tally.banned, 13);
  assert.equal(tally.bannedBy, { 'web1 sshd': 2, 'web2 sshd': 1, others: 10 });
  assert.equal(tally.addresses, { '203.0.113.7': 2, '203.0.113.8': 1 });
  assert.equal(tally.drift, { iptables: 228, 'an unknown program': 114 });
  assert.equal(tally.refused, { 'web1 too-wide': 2 });
  assert.equal(tally.policy, ['policy: 2 bans lifted']);
});

test('stays small whatever comes', () => {
  const tally = emptyTally(NOON);

  for (let index = 0; index < 10_000; index += 1) {
    countEvent(
      tally,
      bannedOf(`2001:db8::${index.toString(16)}`, { jail: `jail${index}`, server: `web${index}` }),
    );
    countEvent(tally, refusedOf(`web${index}`));
    countEvent(tally, { kind: 'policy', time: '', line: 'x'.repeat(10_000) });
    countAlarm(tally, `web${index} is silent`);
  }

  assert.ok(JSON.stringify(tally).length < 100_000, `${JSON.stringify(tally).length}`);
  assert.is(tally.banned, 10_000);
  assert.is(
    Object.values(tally.bannedBy).reduce((sum, count) => sum + count, 0),
    10_000,
  );
});

test('names a program once, without the ids of its processes', () => {
  assert.is(culpritOf(['nft (pid 1)', 'iptables (pid 2)', 'nft (pid 3)']), 'iptables, nft');
});

test.run();
