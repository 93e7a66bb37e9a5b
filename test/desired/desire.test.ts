import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { desire, type Desired, type DesireOptions } from '../../src/desired/desire.ts';
import { portionsOf, type EnforcedClaim } from '../../src/desired/portion.ts';
import { netOf } from '../../src/domain/net.ts';
import type { Ports } from '../../src/domain/ports.ts';
import type { Protocol } from '../../src/domain/protocol.ts';
import { countMembers, eachMember } from '../../src/desired/members.ts';
import { rulesetOf, type Ruleset } from '../../src/firewall/iptables/wanted/ruleset.ts';
import { desireAll } from '../support/rules.ts';

const desiring = suite('desire');

const OPTIONS: DesireOptions = { family: 'ipv4', deny: [], allowed: [] };

function want(ip: string, changes: Partial<EnforcedClaim> = {}): EnforcedClaim {
  return { ip: netOf(ip), jail: 'sshd', ports: '22', protocols: 'tcp', ...changes };
}

const membersIn = (desired: Desired, jail: string): readonly (readonly [string, number])[] =>
  [...eachMember(desired.jails.get(jail)?.members ?? new Map())].sort();

desiring('a jail drops each of its members until its last claim ends, of the traffic of all of them', () => {
  const desired = desireAll(
    [
      want('203.0.113.7', { until: 7 }),
      want('203.0.113.7', { until: 9, ports: '2222' }),
      want('198.51.100.1', { protocols: 'udp', ports: 'all' }),
      want('203.0.113.9', { jail: 'web', ports: '80', until: 5 }),
      want('2001:db8::7'),
    ],
    OPTIONS,
  );

  assert.equal(membersIn(desired, 'sshd'), [
    ['198.51.100.1', Infinity],
    ['203.0.113.7', 9],
  ]);
  assert.equal(membersIn(desired, 'web'), [['203.0.113.9', 5]]);
  assert.equal(
    desired.jails.get('sshd')?.traffic,
    new Map<Protocol, Ports>([
      [
        'tcp',
        [
          [22, 22],
          [2222, 2222],
        ],
      ],
      ['udp', 'all'],
    ]),
  );
  assert.is(desired.denied, undefined);
});

desiring(
  'whoever is allowed inside a member is let by in that jail, and what is denied is dropped whole',
  () => {
    const desired = desireAll([want('192.0.2.0/24'), want('203.0.113.7', { jail: 'web' })], {
      family: 'ipv4',
      deny: ['198.51.100.0/24', '2001:db8::/32'].map(netOf),
      allowed: ['192.0.2.7', '192.0.2.64/26', '192.0.2.65', '198.51.100.1', '192.0.2.7'].map(netOf),
    });

    const allowedIn = (jail: Desired['denied']): readonly string[] | undefined =>
      jail?.allowed.map(({ text }) => text);
    assert.equal(allowedIn(desired.jails.get('sshd')), ['192.0.2.7', '192.0.2.64/26']);
    assert.equal(allowedIn(desired.jails.get('web')), []);
    assert.equal(allowedIn(desired.denied), ['198.51.100.1']);
    assert.is(countMembers(desired.denied?.members ?? new Map()), 1);
    assert.equal(desired.denied?.traffic, new Map([['all', 'all']]));
  },
);

desiring('what is desired anew is the same, whatever it was made from before', () => {
  const claim = fc.record({
    ip: fc.constantFrom(...['203.0.113.7', '203.0.113.8', '198.51.100.1', '192.0.2.0/24'].map(netOf)),
    jail: fc.constantFrom('sshd', 'web'),
    ports: fc.constantFrom('22', '22', '80'),
    protocols: fc.constantFrom('tcp', 'tcp', 'all'),
  });
  const options = { ...OPTIONS, allowed: [netOf('192.0.2.7')] };
  const means = { prefix: 'fail2ban-', verdict: 'DROP', backend: 'auto' } as const;
  const textsOf = ({ chains, jumps }: Ruleset): unknown => [
    ...Array.from(chains, ([name, { allows, verdicts }]) => [name, allows, [...verdicts]]),
    jumps,
  ];

  fc.assert(
    fc.property(fc.array(claim, { maxLength: 6 }), fc.array(claim, { maxLength: 6 }), (old, young) => {
      const before = desireAll(old, options);
      const portions = portionsOf(young, 'ipv4');

      const after = desire(portions, options, before);

      const anew = desire(portions, options);
      assert.equal(after, anew);
      const ruleset = rulesetOf(after, means, rulesetOf(before, means));
      assert.equal(textsOf(ruleset), textsOf(rulesetOf(anew, means)));
    }),
  );
});

desiring('a jail of which nothing changed is the same object, so that nobody looks at it again', () => {
  const old = portionsOf([want('203.0.113.7'), want('192.0.2.1', { jail: 'web' })], 'ipv4');
  const before = desire(old, OPTIONS);
  const grown = new Map([...old, ...portionsOf([want('198.51.100.1')], 'ipv4')]);

  const after = desire(grown, OPTIONS, before);
  const allowing = desire(grown, { ...OPTIONS, allowed: [netOf('10.0.0.1')] }, after);

  assert.is(after.jails.get('web'), before.jails.get('web'));
  assert.is.not(after.jails.get('sshd'), before.jails.get('sshd'));
  assert.is.not(allowing.jails.get('web'), before.jails.get('web'));
});

desiring.run();
