import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { digestMessage, lastDigestDue } from '../../src/notify/digest.ts';
import { emptyState } from '../../src/notify/state.ts';
import { countEvent, countAlarm } from '../../src/notify/tally.ts';
import {
  bannedOf,
  DAY,
  driftOf,
  HOUR,
  mannerOf,
  MINUTE,
  NOON,
  recordOf,
  refusedOf,
  serverOf,
} from '../support/messenger.ts';

const test = suite('the digest');

test('tells what stands, what happened, by whom, and what was wrong', () => {
  const state = emptyState(NOON - DAY);
  for (let index = 0; index < 30; index += 1)
    countEvent(state.tally, bannedOf(`203.0.113.${index % 10}`, { jail: `jail${index % 12}` }));
  for (const event of [driftOf(NOON), refusedOf('web1')]) countEvent(state.tally, event);
  countAlarm(state.tally, 'PeersHeard is false (Silent)');
  const servers = [serverOf('web1', NOON - 3 * MINUTE), serverOf('web2', NOON - 2 * HOUR)];
  state.tally.isPartial = true;

  const { subject, lines, kind } = digestMessage(
    state,
    { now: NOON, record: recordOf(NOON, { servers }) },
    { ...mannerOf(), id: 9 },
  );

  assert.equal([kind, subject], ['digest', 'fw1: 30 bans in 1 d, all is well']);
  assert.equal(lines.slice(0, 6), [
    ...[
      'Now: all is well',
      '  3 bans in force, of 2 servers',
      '  last heard before: web1 3 min, web2 2 h',
      '',
    ],
    ...[
      'Since 2026-11-29 12:00:00 UTC: 30 bans, 0 ended',
      '  some events are missing: the counts are too low',
    ],
  ]);
  const text = lines.join('\n');
  assert.match(text, 'Bans by server and jail\n  3  web1 jail0\n');
  assert.match(text, '  4  and all others\n');
  assert.match(text, 'Addresses that were banned most often\n  3  203.0.113.0\n');
  assert.match(text, 'Changes by other programs, undone\n  114  iptables\n');
  assert.match(text, 'Refused files by server\n  1  web1 too-wide\n');
  assert.match(text, 'What was wrong\n  PeersHeard is false (Silent)');
});

test('has what is wrong now in its subject', () => {
  const state = emptyState(NOON);
  const alarm = {
    key: 'silent web1',
    topic: 'silent' as const,
    what: 'web1',
    reason: null,
    weight: 0,
    lines: ['fix: look'],
  };
  state.standing = { x: { alarm, since: NOON, isTold: true } };

  const { subject, level, lines } = digestMessage(
    state,
    { now: NOON + HOUR, record: undefined },
    { ...mannerOf(), id: 9 },
  );

  assert.equal([subject, level], ['fw1: 0 bans in 1 h, server web1 is silent', 'alarm']);
  assert.ok(lines.includes('  the controller has written no status.json'));
});

test('is due once a day at its time by the local clock', () => {
  const at = new Date(2026, 10, 30, 7, 0).getTime();

  assert.is(lastDigestDue(7 * 60, at), at);
  assert.is(lastDigestDue(7 * 60, at + 23 * HOUR), at);
  assert.is(lastDigestDue(7 * 60, at - 1), new Date(2026, 10, 29, 7, 0).getTime());
});

test('says where nothing is enforced that no ban is in force', () => {
  const record = recordOf(NOON, { mode: 'observe' });

  const { subject, lines } = digestMessage(
    emptyState(NOON - DAY),
    { now: NOON, record },
    { ...mannerOf(), id: 9 },
  );

  assert.is(subject, 'fw1: 0 bans in 1 d, observing: nothing is enforced');
  assert.is(lines[1], '  3 bans would be in force, and nothing is enforced, of 0 servers');
});

test.run();
