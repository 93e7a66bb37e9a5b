import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HistoryEvent } from '../../../src/cli/history/find-history.ts';
import { historyFields } from '../../../src/cli/text/history-fields.ts';
import { historyText } from '../../../src/cli/text/history-text.ts';
import { UTC } from '../../../src/domain/words.ts';
import { netOf } from '../../../src/domain/net.ts';

const test = suite('fields of history --json');

const HEAD = { commit: '0123abcd', time: Date.UTC(2026, 10, 22), author: 'Anna' };
const NAMED = { ip: netOf('203.0.113.7'), server: 'fw2/web1', jail: 'sshd' };
const TIMES = { since: Date.UTC(2026, 10, 21), until: Infinity };

/** Without those that all have. */
function fieldsOf(event: HistoryEvent): unknown {
  const { time, commit, author, text, ...own } = historyFields(event);
  assert.equal([time, commit, author], ['2026-11-22T00:00:00.000Z', '0123abcd', 'Anna']);
  assert.is(text, historyText(event, UTC));
  return own;
}

test('are values of their kind, times in UTC, and null where there is none', () => {
  const named = { ip: '203.0.113.7', jail: 'sshd', server: 'fw2/web1' };
  const times = { since: '2026-11-21T00:00:00.000Z', until: null };
  const details = { said: 0, failures: 5, reason: 'a\nb', ifConfirmed: Infinity };
  for (const [event, expected] of [
    [
      { kind: 'claim', change: { kind: 'banned', ...NAMED, ...TIMES, details: undefined } },
      { kind: 'banned', ...named, ...times, failures: null, reason: null },
    ],
    [
      { kind: 'claim', change: { kind: 'changed', ...NAMED, ...TIMES, details } },
      { kind: 'changed', ...named, ...times, failures: 5, reason: 'a\nb', untilIfConfirmed: null },
    ],
    [
      { kind: 'claim', change: { kind: 'ended', ...NAMED, why: 'lifted', peer: 'fw2' } },
      { kind: 'ended', ...named, why: 'lifted', peer: 'fw2' },
    ],
    [
      { kind: 'lift', lift: { ...NAMED, server: 'fw2/local', jail: '*@web1' } },
      { ...named, kind: 'lifted', jail: null, of: 'web1', server: 'fw2/local', peer: 'fw2' },
    ],
    [
      { kind: 'policyEdit', event: { what: 'reverted', why: 'unconfirmed' } },
      { kind: 'policy-reverted', until: null, why: 'unconfirmed', did: null },
    ],
    [
      { kind: 'policyEdit', event: { what: 'tried', until: TIMES.since } },
      { kind: 'policy-tried', until: times.since, why: null, did: null },
    ],
    [
      { kind: 'policy', line: 'policy: deny 192.0.2.0/24: policy.yaml line 2' },
      { kind: 'policy', effect: 'denied', ip: '192.0.2.0/24', jail: null, server: null },
    ],
    [
      { kind: 'repair', line: 'drift: iptables (pid 7) deleted set fail2ban-x; restored in 33 ms' },
      {
        ...{ kind: 'drift', family: 'ipv4', culprits: ['iptables (pid 7)'], moreChanges: 0, tookMs: 33 },
        changes: [{ did: 'deleted', chain: null, set: 'fail2ban-x', count: null, rule: null }],
      },
    ],
    [
      { kind: 'repair', line: 'repaired: - chain x' },
      { kind: 'drift', family: null, culprits: null, changes: null, moreChanges: null, tookMs: null },
    ],
  ] as const)
    assert.equal(fieldsOf({ ...HEAD, ...event }), expected);
});

test.run();
