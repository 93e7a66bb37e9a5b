import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import type { ObservedRule } from '../../../../src/firewall/iptables/observed/observe.ts';
import type { RuleChange } from '../../../../src/firewall/iptables/plan/change.ts';
import type { Variant } from '../../../../src/domain/variant.ts';
import { planChain } from '../../../../src/firewall/iptables/plan/plan-chain.ts';
import { allowRule, RETURN_RULE } from '../../../../src/firewall/iptables/rules/rule.ts';
import type { WantedChain } from '../../../../src/firewall/iptables/wanted/wanted-chain.ts';
import { carryOut, observedRules, rulesetFor, ruleFrom, textsOf } from '../../../support/rules.ts';

const planning = suite('plan of a chain');

const CHAIN = 'fail2ban-sshd';

const host = (index: number): string => `10.0.${index >> 8}.${index & 255}`;

const hosts = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => host(from + index));

/** A chain with these bans. */
function standing(bans: readonly string[]): readonly ObservedRule[] {
  return observedRules(CHAIN, [
    ...bans.map((ban, index) => `-s ${ban}/32 -c ${index} ${index * 60} -j DROP`),
    '-c 1 60 -j RETURN',
  ]);
}

function wanted(bans: readonly string[], allowed: readonly string[] = []): WantedChain {
  const chain = rulesetFor(
    bans.map((ban) => ({ ip: netOf(ban), jail: 'sshd', ports: 'all', protocols: 'all' })),
    {
      ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'rules', deny: [] },
      allowed: allowed.map(netOf),
    },
  ).chains.get(CHAIN);
  if (chain === undefined) throw new Error('no chain is wanted');
  return chain;
}

function planned(
  bans: readonly string[],
  rules: readonly ObservedRule[] | undefined,
  variant: Variant = 'nft',
): readonly RuleChange[] {
  return planChain(CHAIN, wanted(bans), { rules, variant });
}

const kindsOf = (changes: readonly RuleChange[]): readonly string[] => [
  ...new Set(changes.map(({ kind }) => kind)),
];

planning('a chain comes to hold allows in order, then the bans, then a return, whatever it holds', () => {
  const want = wanted(['10.0.0.0/24', '192.0.2.1', '192.0.2.2'], ['10.0.0.7', '10.0.0.8']);
  const allows = textsOf(['10.0.0.7', '10.0.0.8'].map((ip) => allowRule(netOf(ip))));
  const rule = fc.constantFrom(
    ...[...allows, ...want.verdicts.keys(), '-j RETURN', '-s 192.0.2.9/32 -j DROP'],
    ...['-s 10.0.0.9/32 -j RETURN', '-i eth0 -j ACCEPT'],
  );

  fc.assert(
    fc.property(
      fc.option(fc.array(rule, { maxLength: 9 })),
      fc.constantFrom('nft', 'legacy'),
      (printed, variant) => {
        const rules = printed === null ? undefined : observedRules(CHAIN, printed);

        const after = carryOut(printed ?? [], planChain(CHAIN, want, { rules, variant }));

        assert.equal(after.slice(0, allows.length), allows);
        assert.equal(after.slice(allows.length, -1).toSorted(), [...want.verdicts.keys()].sort());
        assert.is(after.at(-1), RETURN_RULE.text);
        assert.equal(planChain(CHAIN, want, { rules: observedRules(CHAIN, after), variant }), []);
      },
    ),
  );
});

planning('where many rules of a long chain go the chain is written anew, as that is faster on nft', () => {
  const result = planned(hosts(500, 1000), standing(hosts(0, 1000)));

  assert.equal(kindsOf(result), ['rewrite']);
});

planning('where few rules go, or rules only come, single rules are changed', () => {
  assert.equal(kindsOf(planned(hosts(2, 1000), standing(hosts(0, 1000)))), ['delete']);
  assert.equal(kindsOf(planned(hosts(0, 1500), standing(hosts(0, 1000)))), ['insert']);
});

planning('a chain with a rule of none of our forms is written anew, as its text may not find it', () => {
  const printed = '-m recent --set --name mine --mask 255.255.255.255 --rsource -j DROP';
  const grown = [...observedRules(CHAIN, [printed]), ...standing(hosts(0, 3))];

  for (const variant of ['nft', 'legacy'] as const)
    assert.equal(kindsOf(planned(hosts(0, 3), grown, variant)), ['rewrite']);
});

planning('iptables-legacy writes the whole table for any change, so single rules are never slower', () => {
  assert.equal(kindsOf(planned(hosts(500, 1000), standing(hosts(0, 1000)), 'legacy')), ['delete']);
});

planning('a chain that is written anew holds what is wanted, with the counters that stood', () => {
  const [change] = planned([...hosts(900, 1000), host(2000)], standing(hosts(0, 1000)));

  const rules = change?.kind === 'rewrite' ? change.rules : [];
  assert.is(rules.length, 102);
  assert.equal(rules[0], { rule: ruleFrom(`-s ${host(900)}/32 -j DROP`), packets: 900, bytes: 54_000 });
  assert.equal(rules[100], { rule: ruleFrom(`-s ${host(2000)}/32 -j DROP`), packets: 0, bytes: 0 });
  assert.equal(rules[101], { rule: RETURN_RULE, packets: 1, bytes: 60 });
  const difference = change?.kind === 'rewrite' ? change.difference : undefined;
  assert.equal(difference?.added, [ruleFrom(`-s ${host(2000)}/32 -j DROP`)]);
  assert.is(difference?.removed.length, 900);
});

planning('the order of the bans in a chain is as they came, and is left alone', () => {
  assert.equal(planned([host(3), host(1), host(2)], standing([host(2), host(3), host(1)])), []);
});

planning.run();
