import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { reasonText, type Reason } from '../../../src/cli/text/explain.ts';
import { reasonFields } from '../../../src/cli/text/reason-fields.ts';
import { netOf } from '../../../src/domain/net.ts';
import { UTC } from '../../../src/domain/words.ts';

const test = suite('a reason in fields');

const NAMED = { ip: netOf('203.0.113.7'), server: 'web1', jail: 'sshd' };

test('has its code, the details of that, and its words', () => {
  const times = { since: 0, until: Infinity, ports: 'all', protocols: 'tcp' };
  const claim = { ...NAMED, ...times, details: { said: 0, reason: 'a\u001b[2J\nb' } };
  const by = { code: 'policy', line: 2, note: undefined } as const;
  const cases: readonly (readonly [Reason, Readonly<Record<string, unknown>>])[] = [
    [
      { code: 'claimed', claim, others: 2 },
      { code: 'claimed', server: 'web1', since: '1970-01-01T00:00:00.000Z', until: null, others: 2 },
    ],
    [
      { code: 'denied', line: 3, note: undefined },
      { code: 'denied', line: 3, note: null },
    ],
    [
      { code: 'allowed', by },
      { code: 'allowed', by: { code: 'policy', line: 2, note: null, text: 'policy.yaml line 2' } },
    ],
    [
      { code: 'ended', change: { kind: 'ended', ...NAMED, why: 'expired' } },
      { code: 'ended', server: 'web1', why: 'expired', peer: null },
    ],
    [{ code: 'structure', purpose: 'the end of each chain' }, { code: 'structure' }],
    [{ code: 'unclaimed' }, { code: 'unclaimed' }],
  ];

  for (const [reason, fields] of cases)
    assert.equal(reasonFields(reason), { ...fields, text: reasonText(reason, UTC) });
  const ignored = reasonFields({ code: 'ignored', why: { code: 'too-wide', widest: 24, server: 'web1' } });
  assert.is((ignored['why'] as { code: string }).code, 'too-wide');
});

test('has no words that a terminal obeys', () => {
  const details = { said: 0, reason: 'a\u001b[2J\n\u202e\u2028b' };
  const claim = { ...NAMED, since: 0, until: Infinity, ports: 'all', protocols: 'tcp', details };

  assert.is(reasonText({ code: 'claimed', claim, others: 0 }, UTC), 'web1 claims it until unbanned, a [2J b');
});

test.run();
