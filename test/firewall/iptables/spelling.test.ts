import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { NEIGHBOUR_RULES } from '../../../src/firewall/iptables/rules/neighbour.ts';
import { SPELLING } from '../../../src/firewall/iptables/spelling.ts';
import { rulesetFor } from '../../support/rules.ts';

const spelling = suite('spelling');

for (const [family, ip, allowed] of [
  ['ipv4', '203.0.113.0/24', '203.0.113.7'],
  ['ipv6', '2001:db8::/64', '2001:db8::7'],
] as const)
  spelling(
    `finds each rule that a ruleset makes of a ban, by whatever means, or of an allow (${family})`,
    () => {
      const ban = { ip: netOf(ip), jail: 'sshd', ports: 'all', protocols: 'all' };

      for (const verdict of ['DROP', 'REJECT'] as const)
        for (const backend of ['rules', 'ipset'] as const) {
          const { chains } = rulesetFor([ban], {
            ...{ family, prefix: 'fail2ban-', verdict, backend, deny: [], allowed: [netOf(allowed)] },
          });
          const { allows = [], verdicts = new Map<string, never>(), set } = chains.get('fail2ban-sshd') ?? {};

          const { chain, rule } =
            set === undefined
              ? { chain: 'fail2ban-sshd', rule: [...verdicts.keys()].join() }
              : SPELLING.member(set.name, ip);
          assert.is(chain, 'fail2ban-sshd');
          assert.ok(SPELLING.dropping(netOf(ip)).includes(rule), rule);
          assert.is(allows.at(-1)?.text, SPELLING.letting(netOf(allowed)));
        }
    },
  );

spelling('tells what a rule is for that is about no single net, and nothing of one that is', () => {
  const { chains, jumps } = rulesetFor(
    [{ ip: netOf('2001:db8::7'), jail: 'sshd', ports: '22', protocols: 'tcp' }],
    {
      ...{ family: 'ipv6', prefix: 'fail2ban-', verdict: 'DROP', backend: 'ipset', deny: [], allowed: [] },
    },
  );
  const inSet = [...(chains.get('fail2ban-sshd')?.verdicts.values() ?? [])];
  const purpose = (rule: { readonly text: string } | undefined): string =>
    (rule === undefined ? undefined : SPELLING.purpose(rule)) ?? '';

  assert.match(purpose(inSet[0]), 'in one set');
  assert.match(purpose(jumps[0]), 'the jump');
  assert.match(purpose(NEIGHBOUR_RULES[0]), 'neighbour discovery');
});

spelling.run();
