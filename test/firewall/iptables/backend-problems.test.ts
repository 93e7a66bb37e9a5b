import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { backendProblems } from '../../../src/firewall/iptables/backend-problems.ts';
import type { Ruleset } from '../../../src/firewall/iptables/wanted/ruleset.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';
import { rulesetFor } from '../../support/rules.ts';

const test = suite('problems of a backend');

const WITHOUT = { sets: { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' } } as const;

/** A jail of so many bans, each of them a rule. */
function rules(count: number): Ruleset {
  const bans = Array.from({ length: count }, (_, index) => ({
    ...{ ip: netOf(`10.0.${index >> 8}.${index & 255}`), jail: 'sshd', ports: 'all', protocols: 'all' },
  }));
  return rulesetFor(bans, {
    ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'rules', deny: [], allowed: [] },
  });
}

test('are told where a chain is so long that it should be a set, and can be none', () => {
  const [problem, ...others] = backendProblems(rules(1_001), WITHOUT, { backend: 'auto' });

  assert.equal(others, []);
  assert.equal([problem?.condition, problem?.reason], ['SetsUsable', 'NoIpset']);
  assert.match(problem?.message ?? '', /fail2ban-sshd has 1,001 rules.*but ipset is not installed$/);
});

test('are none of a shorter chain, of who wants rules, and where there is ipset', () => {
  assert.equal(backendProblems(rules(1_000), WITHOUT, { backend: 'auto' }), []);
  assert.equal(backendProblems(rules(1_001), WITHOUT, { backend: 'rules' }), []);
  assert.equal(backendProblems(rules(1_001), new FakeFirewall(), { backend: 'auto' }), []);
});

test.run();
