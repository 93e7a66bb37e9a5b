import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import { planAllows } from '../../../../src/firewall/iptables/plan/plan-allows.ts';
import { allowRule } from '../../../../src/firewall/iptables/rules/rule.ts';
import type { WantedChain } from '../../../../src/firewall/iptables/wanted/wanted-chain.ts';
import { carryOut, observedRules, rulesetFor, textsOf } from '../../../support/rules.ts';

const planning = suite('allows ahead of a set');

const CHAIN = 'fail2ban-sshd';
const IN_SET = `-m set --match-set ${CHAIN} src -j DROP`;
const ALLOWED = ['198.51.100.7', '198.51.100.8', '198.51.100.9'].map(netOf);
const ALLOWS = textsOf(ALLOWED.map(allowRule));

function wanted(): WantedChain {
  const ban = { ip: netOf('198.51.100.0/24'), jail: 'sshd', ports: 'all', protocols: 'all' };
  const chain = rulesetFor([ban], {
    ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'ipset', deny: [] },
    allowed: ALLOWED,
  }).chains.get(CHAIN);
  if (chain === undefined) throw new Error('no chain is wanted');
  return chain;
}

planning('come to stand ahead of whatever looks into a set, while nothing goes', () => {
  const others = [IN_SET, '-m set ! --match-set mine src -j DROP', '-s 192.0.2.1/32 -j RETURN', '-j RETURN'];
  const standing = fc.array(fc.constantFrom(...ALLOWS, ...others), { maxLength: 8 });

  fc.assert(
    fc.property(standing, (printed) => {
      const { changes, rules } = planAllows(CHAIN, wanted(), observedRules(CHAIN, printed));

      const after = carryOut(printed, changes);
      const guarded = after.findIndex((rule) => rule.includes('--match-set'));
      const ahead = guarded < 0 ? after : after.slice(0, guarded);
      assert.ok(changes.every(({ kind }) => kind === 'insert'));
      assert.equal([...new Set(ahead)].filter((rule) => ALLOWS.includes(rule)).sort(), [...ALLOWS].sort());
      assert.equal(
        rules.map((rule) => (rule.kind === 'ours' ? rule.printed : 'foreign')),
        after,
      );
    }),
  );
});

planning('come in the order in which they should stand, so that none has to move later', () => {
  for (const held of [[], [1], [2], [0, 2]]) {
    const printed = [...ALLOWS.filter((_, index) => held.includes(index)), IN_SET, '-j RETURN'];

    const { changes } = planAllows(CHAIN, wanted(), observedRules(CHAIN, printed));

    assert.equal(carryOut(printed, changes), [...ALLOWS, IN_SET, '-j RETURN']);
    assert.is(changes.length, ALLOWS.length - held.length);
  }
});

planning.run();
