/** The line that an event is in the feed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventLine, parseEventLine, type FeedEvent } from '../../src/feed/event.ts';

const event = suite('feed/event');

const TIME = '2026-11-29T06:00:00.000Z';
const BAN = { time: TIME, ip: '203.0.113.7', jail: 'sshd', server: 'web1' };

const EACH: readonly FeedEvent[] = [
  { kind: 'banned', ...BAN, until: null, failures: 5, reason: 'a\nb\u2028<script>' },
  { kind: 'changed', ...BAN, until: TIME, failures: null, reason: null },
  { kind: 'ended', ...BAN, why: 'lifted', peer: 'fw2' },
  { kind: 'refused', time: TIME, server: 'web1', file: '1-2-3.yaml', code: 'not-yaml', reason: 'not YAML' },
  { kind: 'drift', time: TIME, family: 'ipv4', changes: 2, culprits: ['iptables (pid 7)'], line: 'drift: …' },
  { kind: 'policy', time: TIME, line: 'policy: end deny 192.0.2.0/24' },
  {
    kind: 'condition',
    time: TIME,
    condition: 'Converged',
    status: 'False',
    reason: 'PassFailed',
    message: 'm',
  },
  { kind: 'started', time: TIME },
  { kind: 'more', time: TIME, of: 'banned', count: 99_000 },
];

event('is one line, and read back the same', () => {
  for (const each of EACH) {
    const line = eventLine(each);

    assert.equal(line.indexOf('\n'), line.length - 1, each.kind);
    assert.equal(parseEventLine(line), each);
  }
});

event('is undefined for a line that was cut off, and for what is no event', () => {
  for (const line of [
    '',
    '{"kind":"banned"',
    '{"kind":"banned"}',
    '{"kind":"moved","time":"x"}',
    '[]',
    'null',
  ])
    assert.is(parseEventLine(line), undefined, line);
});

event.run();
