import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EnforcedClaim } from '../../../../src/desired/portion.ts';
import { netOf, type Family } from '../../../../src/domain/net.ts';
import { NEIGHBOUR_RULES } from '../../../../src/firewall/iptables/rules/neighbour.ts';
import { earlyTable, type TableWanted } from '../../../../src/firewall/iptables/wanted/early.ts';
import type { Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { rulesetFor, textsOf } from '../../../support/rules.ts';

const test = suite('what is dropped early');

interface Asked {
  readonly family?: Family;
  readonly early?: boolean;
  readonly deny?: readonly string[];
  readonly allowed?: readonly string[];
}

function claim(ip: string, jail: string, ports = 'all'): EnforcedClaim {
  return { ip: netOf(ip), jail, ports, protocols: ports === 'all' ? 'all' : 'tcp' };
}

function rulesetWith(claims: readonly EnforcedClaim[], asked: Asked = {}): Ruleset {
  const { family = 'ipv4', early = true, deny = [], allowed = [] } = asked;
  return rulesetFor(claims, {
    ...{ family, prefix: 'fail2ban-', verdict: 'DROP', backend: 'auto', early },
    ...{ deny: deny.map(netOf), allowed: allowed.map(netOf) },
  });
}

function rulesOf({ chains }: TableWanted): readonly string[] {
  const rules = chains.get('fail2ban-.early');
  return rules === undefined ? [] : textsOf([...rules.allows, ...rules.verdicts.values()]);
}

test('is what chains of all traffic drop, by the sets that these look into, however few they hold', () => {
  const claims = [
    claim('192.0.2.1', 'sshd'),
    claim('192.0.2.2', 'web', '443'),
    claim('192.0.2.3', 'recidive'),
  ];
  const ruleset = rulesetWith(claims);
  const early = earlyTable(ruleset);

  assert.equal(textsOf(early.jumps), ['-j fail2ban-.early']);
  assert.equal(rulesOf(early), [
    '-m set --match-set fail2ban-recidive src -j DROP',
    '-m set --match-set fail2ban-sshd src -j DROP',
  ]);
  assert.equal(
    Array.from(ruleset.chains, ([name, { set }]) => [name, set?.name]),
    [
      ['fail2ban-recidive', 'fail2ban-recidive'],
      ['fail2ban-sshd', 'fail2ban-sshd'],
      ['fail2ban-web', undefined],
    ],
  );
});

test('lets by whoever any of them lets by, and what IPv6 needs of its neighbours', () => {
  const deny = { deny: ['198.51.100.0/24'], allowed: ['198.51.100.9', '203.0.113.5'] };
  const six = rulesetWith([claim('2001:db8::/32', 'sshd')], { family: 'ipv6', allowed: ['2001:db8::5'] });

  assert.equal(rulesOf(earlyTable(rulesetWith([claim('203.0.113.0/24', 'sshd')], deny))), [
    '-s 198.51.100.9/32 -j RETURN',
    '-s 203.0.113.5/32 -j RETURN',
    '-m set --match-set fail2ban-.deny src -j DROP',
    '-m set --match-set fail2ban-sshd src -j DROP',
  ]);
  assert.equal(rulesOf(earlyTable(six)), [
    ...textsOf(NEIGHBOUR_RULES),
    '-s 2001:db8::5/128 -j RETURN',
    '-m set --match-set fail2ban-sshd:6 src -j DROP',
  ]);
});

test('is nothing where nobody asked for it, and where nothing is dropped on all ports', () => {
  for (const ruleset of [
    rulesetWith([claim('192.0.2.1', 'sshd')], { early: false }),
    rulesetWith([claim('192.0.2.1', 'sshd', '22')]),
  ])
    assert.equal(earlyTable(ruleset), { family: 'ipv4', chains: new Map(), jumps: [] });
});

test.run();
