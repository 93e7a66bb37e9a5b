import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FeedEvent } from '../../../src/feed/event.ts';
import { UTC } from '../../../src/domain/words.ts';
import { eventRow } from '../../../src/top/tables/event-row.ts';
import { bannedEvent, NOW } from '../../support/top-seen.ts';

const test = suite('top/event-row');

const TIME = '2026-11-29T11:00:00.000Z';
const BAN = { time: TIME, ip: '203.0.113.7', jail: 'sshd', server: 'web1' };

const EACH: readonly (readonly [FeedEvent, word: string, text: string])[] = [
  [bannedEvent('203.0.113.7'), 'banned', '203.0.113.7 in sshd by web1 until 13:00:00, 5 failures'],
  [
    bannedEvent('203.0.113.7', { kind: 'changed', until: null, failures: null, reason: 'spam' }),
    'changed',
    '203.0.113.7 in sshd by web1 until unbanned: spam',
  ],
  [{ kind: 'ended', ...BAN, why: 'expired', peer: null }, 'ended', '203.0.113.7 in sshd by web1: expired'],
  [
    { kind: 'ended', ...BAN, why: 'lifted', peer: 'fw2' },
    'ended',
    '203.0.113.7 in sshd by web1: lifted by fw2',
  ],
  [
    { kind: 'refused', time: TIME, server: 'web1', file: '1-2-3.yaml', code: 'x', reason: 'is too long' },
    'refused',
    'web1/1-2-3.yaml: is too long',
  ],
  [
    { kind: 'drift', time: TIME, family: 'ipv4', changes: 2, culprits: [], line: 'drift: iptables did it' },
    'drift',
    'iptables did it',
  ],
  [
    { kind: 'policy', time: TIME, line: 'policy: end deny 192.0.2.0/24' },
    'policy',
    'policy: end deny 192.0.2.0/24',
  ],
  [
    {
      kind: 'condition',
      time: TIME,
      condition: 'Converged',
      status: 'False',
      reason: 'PassFailed',
      message: 'm',
    },
    'wrong',
    'Converged is false (PassFailed): m',
  ],
  [
    {
      kind: 'condition',
      time: TIME,
      condition: 'Converged',
      status: 'True',
      reason: 'AsExpected',
      message: '',
    },
    'well',
    'Converged is true again',
  ],
  [{ kind: 'started', time: TIME }, 'started', 'the controller started'],
  [{ kind: 'more', time: TIME, of: 'banned', count: 99_000 }, 'banned', 'and 99,000 more'],
];

test('each kind of event is told in a line', () => {
  for (const [event, word, text] of EACH) {
    const row = eventRow(event, { now: NOW, zone: UTC });

    assert.equal([row.word, row.text, row.time], [word, text, Date.parse(event.time)]);
  }
});

test.run();
