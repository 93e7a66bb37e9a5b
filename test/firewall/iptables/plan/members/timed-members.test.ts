import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TimedMembers } from '../../../../../src/firewall/iptables/plan/members/timed-members.ts';
import { timeoutFor } from '../../../../../src/firewall/iptables/plan/timeout.ts';

const timed = suite('the members of a set with timeouts');

const MEMBERS = new Map([
  ['ipv4/8', new Map([['8.8.8.8', 90_000]])],
  ['ipv4/9', new Map([['9.9.9.0/24', Infinity]])],
]);

timed('are all nets, as often as they are asked for, each with its time and what it counts on from', () => {
  const counts = new Map([['9.9.9.0/24', { packets: 5, bytes: 300 }]]);

  const members = new TimedMembers(MEMBERS, { counts, now: 30_000 });

  const all = [
    { text: '8.8.8.8', timeout: timeoutFor(90_000, 30_000) },
    { text: '9.9.9.0/24', timeout: 0, counted: { packets: 5, bytes: 300 } },
  ];
  assert.is(members.length, 2);
  assert.equal([Array.from(members), Array.from(members)], [all, all]);
});

timed('tell that none of them can count where nothing was counted', () => {
  const counts = new Map([['8.8.8.8', { packets: 1, bytes: 60 }]]);

  const mayCount = [new Map(), counts].map(
    (each) => new TimedMembers(MEMBERS, { counts: each, now: 0 }).mayCount,
  );

  assert.equal(mayCount, [false, true]);
});

timed.run();
