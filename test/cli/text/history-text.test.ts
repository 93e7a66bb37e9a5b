import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { historyText } from '../../../src/cli/text/history-text.ts';
import type { PolicyEvent } from '../../../src/policy/policy-history.ts';
import { UTC } from '../../../src/domain/words.ts';
import { netOf } from '../../../src/domain/net.ts';

const test = suite('what happened');

const HEAD = { commit: '0123abcd', time: 0, author: 'Anna' };

test('to a policy is told with when a trial ends, and why it ended', () => {
  const told = (event: PolicyEvent): string => historyText({ ...HEAD, kind: 'policyEdit', event }, UTC);

  assert.is(told({ what: 'edited' }), 'policy edited');
  assert.is(
    told({ what: 'tried', until: Date.UTC(2026, 10, 22, 13, 30) }),
    'policy tried until 2026-11-22 13:30:00 UTC',
  );
  assert.is(told({ what: 'reverted', why: 'unconfirmed' }), 'policy reverted: it was not confirmed');
});

test('by the unban of an operator of a peer names what it lifts', () => {
  const told = (jail: string): string =>
    historyText(
      { ...HEAD, kind: 'lift', lift: { ip: netOf('203.0.113.7'), server: 'fw2/local', jail } },
      UTC,
    );

  assert.is(told('*'), 'lift 203.0.113.7 in every jail by fw2/local');
  assert.is(told('sshd@web1'), 'lift 203.0.113.7 in sshd of web1 by fw2/local');
});

/** By web1, from now on. */
function banText(until: number, details: { reason?: string; failures?: number } = {}): string {
  const named = { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd', since: 7, until };
  const change = { kind: 'banned', ...named, details: { said: 0, ...details } } as const;
  return historyText({ ...HEAD, kind: 'claim', change }, UTC);
}

test('is a ban for a time, to a hundredth of it, or until somebody ends it', () => {
  for (const [seconds, words] of [
    [597.3, '10 min'],
    [86_399.5, '1 d'],
    [90_000, '1 d 1 h'],
    [594 - 1, '9 min 53 s'],
    [45.2, '45 s'],
    [0.25, '250 ms'],
  ] as const)
    assert.is(banText(7 + seconds * 1000), `ban 203.0.113.7 in sshd by web1 for ${words}`);

  assert.is(
    banText(5_400_007, { failures: 5 }),
    'ban 203.0.113.7 in sshd by web1 for 1 h 30 min, 5 failures',
  );
  assert.is(
    banText(Infinity, { reason: 'password guessing' }),
    'ban 203.0.113.7 in sshd by web1 until unbanned, password guessing',
  );
});

test('is one line, without what a terminal obeys, whatever a server says', () => {
  const obeyed = fc.constantFrom(
    ...['\n', '\r', '\t', '\0', '\u001b[31m', '\u009b2J', '\u202e', '\u2066', '\u2028', '\u200b', '\ud800'],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(obeyed, fc.string({ unit: 'binary' })), { maxLength: 20 }), (parts) => {
      assert.not.match(banText(Infinity, { reason: parts.join('') }), UNPRINTABLE_ONE);
    }),
  );
  assert.is(
    banText(Infinity, { reason: 'a\n\u001b[31m\u202e\u2028\u009bb' }),
    'ban 203.0.113.7 in sshd by web1 until unbanned, a [31m b',
  );
});

/** All control characters, such as escapes, and of Unicode those that end lines or change their direction. */
const UNPRINTABLE_ONE = /[\p{C}\p{Zl}\p{Zp}]/u;

test.run();
