import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import type { Change } from '../../../../src/firewall/iptables/plan/change.ts';
import { newlyDropped } from '../../../../src/firewall/iptables/plan/newly-dropped.ts';
import type { Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { rulesetFor, ruleFrom } from '../../../support/rules.ts';

const dropping = suite('newly dropped');

const ALL = ['203.0.113.7', '203.0.113.0/28'];

function desired(): Ruleset {
  const options = { family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'auto' } as const;
  const wanted = ALL.map((ip) => ({ ip: netOf(ip), jail: 'sshd', ports: '22', protocols: 'tcp' }));
  return rulesetFor(wanted, { ...options, deny: [], allowed: [] });
}

const droppedBy = (...changes: readonly Change[]): readonly string[] => [...newlyDropped(changes, desired())];

dropping('a rule drops its source', () => {
  const chain = 'fail2ban-sshd';

  assert.equal(droppedBy({ kind: 'insert', chain, at: 1, rule: ruleFrom('-s 203.0.113.7/32 -j DROP') }), [
    '203.0.113.7',
  ]);
  assert.equal(
    droppedBy({
      kind: 'create',
      chain,
      rules: [
        '-s 203.0.113.9/32 -j RETURN',
        '-s 203.0.113.0/28 -j REJECT --reject-with icmp-port-unreachable',
        '-j RETURN',
      ].map((text) => ruleFrom(text)),
    }),
    ['203.0.113.0/28'],
  );
  assert.equal(
    droppedBy({
      kind: 'rewrite',
      chain,
      rules: [],
      difference: { added: [ruleFrom('-j DROP')], removed: [] },
    }),
    ['0.0.0.0/0'],
  );
});

dropping('a set drops whoever comes into it', () => {
  const members = [{ text: '203.0.113.7', timeout: 0 }];

  assert.equal(
    droppedBy(
      { kind: 'change-set', set: 'fail2ban-sshd', added: members, removed: ['203.0.113.8'], refreshed: [] },
      { kind: 'destroy-set', set: 'fail2ban-x' },
    ),
    ['203.0.113.7'],
  );
});

dropping('a jump, and a rule that looks into a set, drop all of the chain', () => {
  for (const text of [
    '-p tcp -m multiport --dports 22 -j fail2ban-sshd',
    '-m set --match-set fail2ban-sshd src -j DROP',
  ])
    assert.equal(
      droppedBy({ kind: 'insert', chain: 'INPUT', at: 1, rule: ruleFrom(text) }).toSorted(),
      ALL.toSorted(),
    );
});

dropping('what goes drops nobody', () => {
  assert.equal(
    droppedBy(
      { kind: 'delete', chain: 'fail2ban-sshd', printed: '-s 203.0.113.7/32 -j DROP' },
      { kind: 'remove', chain: 'fail2ban-sshd' },
    ),
    [],
  );
});

dropping.run();
