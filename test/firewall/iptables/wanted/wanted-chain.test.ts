import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { desireAll } from '../../../support/rules.ts';
import { eachMember } from '../../../../src/desired/members.ts';
import { netOf, type Family } from '../../../../src/domain/net.ts';
import {
  MAX_RULES,
  wantedChain,
  type Backend,
  type WantedChain,
} from '../../../../src/firewall/iptables/wanted/wanted-chain.ts';

const wanting = suite('wanted chain');

const CHAIN = 'fail2ban-sshd';

function wanted(ips: readonly string[], backend: Backend, family: Family = 'ipv4'): WantedChain {
  const bans = ips.map((ip) => ({ ip: netOf(ip), jail: 'sshd', ports: '22', protocols: 'tcp' }));
  const jail = desireAll(bans, { family, deny: [], allowed: [] }).jails.get('sshd');
  if (jail === undefined) throw new Error('no jail is wanted');
  return wantedChain(CHAIN, { family, jail, means: { prefix: 'fail2ban-', verdict: 'DROP', backend } });
}

const hosts = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`);

const inSet = (set: string): string => `-m set --match-set ${set} src -j DROP`;

wanting('has a rule a ban while there are few, and one for all of them in a set from then on', () => {
  const few = wanted(hosts(MAX_RULES), 'auto');
  const many = wanted(hosts(MAX_RULES + 1), 'auto');

  assert.equal([few.verdicts.size, few.set], [MAX_RULES, undefined]);
  assert.equal([[...many.verdicts.keys()], many.set?.name], [[inSet(CHAIN)], CHAIN]);
  assert.is(Array.from(eachMember(many.set?.members ?? new Map())).length, MAX_RULES + 1);
});

wanting('is of the one or the other alone where the config says so', () => {
  const rules = wanted(hosts(MAX_RULES + 1), 'rules');
  const set = wanted(['2001:db8::7'], 'ipset', 'ipv6');

  assert.equal([rules.verdicts.size, rules.set], [MAX_RULES + 1, undefined]);
  assert.equal([[...set.verdicts.keys()], set.set?.name], [[inSet(`${CHAIN}:6`)], `${CHAIN}:6`]);
});

for (const [family, everybody, one] of [
  ['ipv4', '0.0.0.0/0', '203.0.113.7'],
  ['ipv6', '::/0', '2001:db8::7'],
] as const)
  wanting(`drops everybody by a rule of its own beside the set, which takes no such net (${family})`, () => {
    const { verdicts, set } = wanted([everybody, one], 'ipset', family);

    assert.equal([...verdicts.keys()], ['-j DROP', inSet(set?.name ?? '')]);
    assert.equal(
      Array.from(eachMember(set?.members ?? new Map()), ([text]) => text),
      [one],
    );
  });

wanting.run();
