import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { backendProblems } from '../../../src/firewall/iptables/backend-problems.ts';
import type { Problem } from '../../../src/domain/conditions.ts';
import type { Observed } from '../../../src/firewall/iptables/observed/observe.ts';
import type { Backend } from '../../../src/firewall/iptables/wanted/wanted-chain.ts';
import type { Tools } from '../../../src/system/firewall/iptables.ts';
import type { Ruleset } from '../../../src/firewall/iptables/wanted/ruleset.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';
import { rulesetFor } from '../../support/rules.ts';

const test = suite('problems of a backend');

const WITHOUT = { sets: { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' } } as const;

/** A jail of so many bans. */
function rules(count: number, backend: Backend = 'rules'): Ruleset {
  const bans = Array.from({ length: count }, (_, index) => ({
    ...{ ip: netOf(`10.0.${index >> 8}.${index & 255}`), jail: 'sshd', ports: 'all', protocols: 'all' },
  }));
  return rulesetFor(bans, {
    ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend, deny: [], allowed: [] },
  });
}

const NOTHING: Observed = { family: 'ipv4', chains: new Map(), sets: new Map() };

function problemsWith(
  ruleset: Ruleset,
  tools: Pick<Tools, 'sets'>,
  backend: Backend = 'auto',
): readonly Problem[] {
  return backendProblems(ruleset, NOTHING, { tools, config: { backend } });
}

test('are told where a chain is so long that it should be a set, and can be none', () => {
  const [problem, ...others] = problemsWith(rules(1_001), WITHOUT);

  assert.equal(others, []);
  assert.equal([problem?.condition, problem?.reason], ['SetsUsable', 'NoIpset']);
  assert.match(problem?.message ?? '', /fail2ban-sshd has 1,001 rules.*but ipset is not installed$/);
});

test('are none of a shorter chain, of who wants rules, and where there is ipset', () => {
  assert.equal(problemsWith(rules(1_000), WITHOUT), []);
  assert.equal(problemsWith(rules(1_001), WITHOUT, 'rules'), []);
  assert.equal(problemsWith(rules(1_001), new FakeFirewall()), []);
});

test('are told where a set counts nothing', () => {
  const ruleset = rules(1, 'ipset');
  const observed = (isCounted: boolean): Observed => ({
    ...NOTHING,
    sets: new Map([
      [
        'fail2ban-sshd',
        {
          ...{ name: 'fail2ban-sshd', make: 'fit', capacity: 9, references: 1, isCounted },
          content: { kind: 'unknown' },
        },
      ],
    ]),
  });
  const problemsOf = (isCounted: boolean): readonly string[] =>
    backendProblems(ruleset, observed(isCounted), {
      ...{ tools: new FakeFirewall(), config: { backend: 'ipset' } },
    }).map(({ condition, reason }) => `${condition} ${reason}`);

  assert.equal(problemsOf(false), ['SetsUsable NoCounters']);
  assert.equal(problemsOf(true), []);
});

test('are told where nothing can be dropped early: without sets, and where raw cannot be read', () => {
  const config = { backend: 'auto', early: true } as const;
  const unreadable: Observed = { ...NOTHING, raw: { kind: 'unreadable', reason: 'it is odd' } };
  const problemsOf = (observed: Observed, tools: Pick<Tools, 'sets'>): readonly string[] =>
    backendProblems(rules(1), observed, { tools, config }).map(
      ({ condition, reason, message }) => `${condition} ${reason}: ${message}`,
    );

  assert.match(problemsOf(unreadable, WITHOUT).join(), /^SetsUsable NoIpset: .*but ipset is not installed/);
  assert.match(
    problemsOf(unreadable, new FakeFirewall()).join(),
    /^FirewallReadable RawUnreadable: .*cannot be read \(it is odd\).*early: false$/,
  );
  const refused: Observed = { ...NOTHING, raw: { kind: 'refused', reason: 'there is none' } };
  assert.match(
    problemsOf(refused, new FakeFirewall()).join(),
    /^FirewallReadable RawUnreadable: .*takes no rules \(there is none\).*early: false$/,
  );
  assert.equal(problemsOf(NOTHING, new FakeFirewall()), []);
});

test.run();
