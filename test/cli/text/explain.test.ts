import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NEIGHBOUR_RULES } from '../../../src/firewall/iptables/rules/neighbour.ts';
import { RETURN_RULE } from '../../../src/firewall/iptables/rules/rule.ts';
import { SPELLING } from '../../../src/firewall/iptables/spelling.ts';
import { netOf } from '../../../src/domain/net.ts';
import { judge } from '../../../src/policy/judge.ts';
import { EMPTY_POLICY } from '../../../src/policy/policy.ts';
import { reasonsOf, reasonText, type Reason } from '../../../src/cli/text/explain.ts';
import type { Line } from '../../../src/firewall/change.ts';
import { changeWords } from '../../../src/firewall/change-words.ts';
import { diffStates } from '../../../src/claims/diff.ts';
import { liveClaims } from '../../../src/claims/live.ts';
import { ban, heard, IP, millis, then, unban } from '../../claims/said.ts';
import { ruleFrom } from '../../support/rules.ts';
import { UTC } from '../../../src/domain/words.ts';

const explaining = suite('explain');

const entry = (
  net: string,
  line: number,
): { net: ReturnType<typeof netOf>; note: string; until: number; line: number } => ({
  net: netOf(net),
  note: 'why not',
  until: Infinity,
  line,
});

/** One ban of two servers, one that was just lifted, one in an allowed net, and a deny list. */
function reasons(): {
  readonly forRule: (chain: string, rule: Line) => string | undefined;
  readonly againstRule: (chain: string, printed: string) => string;
} {
  const before = heard(
    5,
    ban(0, 600, { failures: 5, reason: 'x' }),
    ban(0, Infinity, { server: 'mail' }),
    ban(0, 600, { ip: '203.0.113.8' }),
    ban(0, 600, { ip: '192.0.2.7' }),
    ban(0, 600, { ip: '198.51.100.0/24' }),
  );
  const now = millis(10);
  const after = then(before, 10, unban(9, { ip: '203.0.113.8' }));
  const policy = {
    ...EMPTY_POLICY,
    allow: [entry('192.0.2.0/24', 2), entry('198.51.100.9', 3)],
    deny: [entry('10.0.0.0/8', 5), entry('0.0.0.0/0', 6)],
  };
  const judgement = judge(liveClaims(after, now), { policy, ownAddresses: [], now });
  const claimChanges = diffStates(before, after, now);
  const found = reasonsOf({
    inputs: { policy, lists: [{ name: 'drop' }] },
    judgement,
    claimChanges,
    prefix: 'fail2ban-',
    spelling: SPELLING,
  });
  const words = (reason: Reason): string => reasonText(reason, UTC);
  return {
    forRule: (chain, rule) => {
      const reason = found.forRule(chain, rule);
      return reason && words(reason);
    },
    againstRule: (chain, printed) => words(found.againstRule(chain, printed)),
  };
}

explaining('neighbour discovery is let by for its own sake', () => {
  const { forRule } = reasons();

  for (const rule of NEIGHBOUR_RULES)
    assert.is(forRule('fail2ban-sshd', rule), 'neighbour discovery, which IPv6 needs');
});

explaining('a rule is there because somebody claims it, or the policy says so', () => {
  const { forRule } = reasons();

  assert.is(
    forRule('fail2ban-sshd', ruleFrom(`-s ${IP}/32 -j DROP`)),
    'mail claims it until unbanned, and 1 more claim',
  );
  assert.is(
    forRule('fail2ban-.deny', ruleFrom('-s 10.0.0.0/8 -j DROP')),
    'policy.yaml line 5 denies it (why not)',
  );
  assert.is(forRule('fail2ban-.deny', ruleFrom('-j DROP')), 'policy.yaml line 6 denies it (why not)');
  assert.is(
    forRule('fail2ban-sshd', ruleFrom('-s 198.51.100.9/32 -j RETURN')),
    'allowed inside a wider ban: policy.yaml line 3 (why not)',
  );
  assert.is(forRule('fail2ban-sshd', RETURN_RULE), 'the end of each chain');
  assert.is(
    forRule('INPUT', ruleFrom('-p tcp -m multiport --dports 22 -j fail2ban-sshd')),
    'the jump to the chain, at the top',
  );
});

explaining('a rule that nothing wants has no reason', () => {
  const { forRule } = reasons();

  assert.is(forRule('fail2ban-sshd', ruleFrom('-s 203.0.113.99/32 -j DROP')), undefined);
  assert.is(forRule('fail2ban-web', ruleFrom(`-s ${IP}/32 -j DROP`)), undefined);
});

explaining('a rule goes because its claim ended, or because the policy does not let it be', () => {
  const { againstRule } = reasons();

  assert.is(
    againstRule('fail2ban-sshd', '-s 203.0.113.8/32 -j DROP'),
    'end 203.0.113.8 in sshd by web1: the server unbanned it',
  );
  assert.is(
    againstRule('fail2ban-sshd', '-s 192.0.2.7/32 -j DROP'),
    'inside 192.0.2.0/24, which is allowed: policy.yaml line 2 (why not)',
  );
  assert.is(againstRule('fail2ban-sshd', '-i eth0 -j ACCEPT'), 'not claimed, or in the wrong place');
});

explaining('each change of the firewall is one line', () => {
  const rules = [ruleFrom('-s 203.0.113.7/32 -j DROP'), RETURN_RULE];

  assert.equal(
    [
      { kind: 'create', chain: 'fail2ban-x', rules } as const,
      {
        kind: 'rewrite',
        chain: 'fail2ban-x',
        rules: rules.map((rule) => ({ rule, packets: 0, bytes: 0 })),
        difference: { added: [RETURN_RULE], removed: ['b', 'c'] },
      } as const,
      { kind: 'delete', chain: 'INPUT', printed: '-j fail2ban-x' } as const,
      { kind: 'insert', chain: 'INPUT', at: 2, rule: ruleFrom('-j fail2ban-x') } as const,
      { kind: 'remove', chain: 'fail2ban-x' } as const,
    ].map(changeWords),
    [
      '+ chain fail2ban-x with 2 rules',
      '~ chain fail2ban-x rewritten: 1 rule added, 2 removed',
      '- INPUT: -j fail2ban-x',
      '+ INPUT: -j fail2ban-x (at 2)',
      '- chain fail2ban-x',
    ],
  );
});

explaining.run();
