import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { conclude } from '../../src/desired/conclude.ts';
import { desireFamily } from '../../src/desired/desire-family.ts';
import { countMembers } from '../../src/desired/members.ts';
import { FAMILIES, netOf } from '../../src/domain/net.ts';
import { EMPTY_POLICY } from '../../src/policy/policy.ts';
import { ban, heard, millis } from '../claims/said.ts';

const desiring = suite('what is desired of a family');

desiring('is what is concluded of its own addresses, and of who is denied or allowed among them', () => {
  const state = heard(5, ban(0, 600), ban(0, 600, { ip: '2001:db8::7' }), ban(0, 600, { ip: '2001:db8::8' }));
  const deny = ['192.0.2.0/24', '2001:db8:1::/48'].map((net) => ({
    net: netOf(net),
    note: undefined,
    until: Infinity,
    line: 1,
  }));
  const own = ['203.0.113.1', '2001:db8::1'].map(netOf);
  const conclusion = conclude(state, {
    policy: { ...EMPTY_POLICY, deny },
    ownAddresses: own,
    now: millis(5),
  });

  const both = FAMILIES.map((family) => desireFamily(conclusion, family));
  const again = FAMILIES.map((family, index) => desireFamily(conclusion, family, both[index]));

  assert.equal(
    both.map(({ family }) => family),
    ['ipv4', 'ipv6'],
  );
  assert.equal(
    both.map(({ jails }) => countMembers(jails.get('sshd')?.members ?? new Map())),
    [1, 2],
  );
  assert.equal(
    both.map(({ denied }) => countMembers(denied?.members ?? new Map())),
    [1, 1],
  );
  assert.ok(both.every(({ options, family }) => options.allowed.every((net) => net.family === family)));
  assert.ok(
    both.every(({ options }, index) => options.allowed.some(({ text }) => text === own[index]?.text)),
  );
  for (const [index, { jails }] of again.entries())
    assert.is(jails.get('sshd'), both[index]?.jails.get('sshd'));
});

desiring('what is denied is the same object after a ban, so that nobody looks at its nets again', () => {
  const deny = [{ net: netOf('192.0.2.0/24'), note: undefined, until: Infinity, line: 1 }];
  const grounds = { policy: { ...EMPTY_POLICY, deny }, ownAddresses: [], now: millis(5) };
  const state = heard(5, ban(0, 600));
  const before = desireFamily(conclude(state, grounds), 'ipv4');

  const more = heard(5, ban(0, 600), ban(0, 600, { ip: '203.0.113.8' }));
  const after = desireFamily(conclude(more, { ...grounds, now: millis(6) }), 'ipv4', before);

  assert.is(after.denied, before.denied);
  assert.is(after.options.deny, before.options.deny);
  assert.is(countMembers(after.jails.get('sshd')?.members ?? new Map()), 2);
});

desiring.run();
