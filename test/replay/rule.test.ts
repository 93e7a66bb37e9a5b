import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../src/domain/net.ts';
import { isBan, ruleKey, ruleOf, ruleText } from '../../src/replay/rule.ts';
import type { Label } from '../../src/replay/verdicts.ts';
import { allowedBy } from './made-up-spans.ts';

const test = suite('replay/rule');

const CLAIM: Label = { server: 'web1', jail: 'sshd', why: undefined, denied: undefined };
const NET = netOf('198.51.100.0/24');

const CASES: readonly (readonly [label: Partial<Label>, text: string, isBan: boolean])[] = [
  [{ denied: { net: NET, line: 3, note: 'abuse' } }, 'deny 198.51.100.0/24 (abuse)', true],
  [{ server: 'escalation', jail: 'seen-by-two' }, 'escalate seen-by-two', true],
  [{ why: allowedBy('198.51.100.0/24', 'office') }, 'allow 198.51.100.0/24 (office)', false],
  [{ why: { code: 'allowed', net: NET, by: { code: 'loopback' } } }, 'loopback', false],
  [{ why: { code: 'allowed', net: NET, by: { code: 'own-address' } } }, 'own addresses', false],
  [{ why: { code: 'too-long', server: 'web1' } }, 'bantime of web1', false],
  [{ why: { code: 'too-wide', server: 'web1', widest: 24 } }, 'prefix of web1', false],
  [{ why: { code: 'jail-not-listed', server: 'web1', jail: 'sshd', jails: [] } }, 'jails of web1', false],
  [{ server: 'fw2/web1', why: { code: 'no-peer', peer: 'fw2' } }, 'peers of fw2/web1', false],
];

test('is what of a policy decides, and tells whether it bans', () => {
  for (const [about, text, bans] of CASES) {
    const rule = ruleOf({ ...CLAIM, ...about });
    assert.is(rule === undefined ? undefined : ruleText(rule), text);
    assert.is(rule === undefined ? undefined : isBan(rule), bans, text);
  }
  assert.is(ruleOf(CLAIM), undefined);
});

test('is the same in two policies, where its note is another', () => {
  const [one, other] = ['office', undefined].map((note) => ({ kind: 'allow' as const, net: NET, note }));

  assert.is(one && ruleKey(one), other && ruleKey(other));
  assert.is.not(one && ruleKey(one), ruleKey({ kind: 'deny', net: NET, note: 'office' }));
});

test.run();
