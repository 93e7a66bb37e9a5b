import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import type { RuleChange } from '../../../../src/firewall/iptables/plan/change.ts';
import { planAddition } from '../../../../src/firewall/iptables/plan/plan-addition.ts';
import { planChain } from '../../../../src/firewall/iptables/plan/plan-chain.ts';
import { RETURN_RULE } from '../../../../src/firewall/iptables/rules/rule.ts';
import type { Verdict } from '../../../../src/firewall/iptables/rules/rule.ts';
import type { Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { observedRules, rulesetFor, textsOf } from '../../../support/rules.ts';

const adding = suite('plan of an addition');

const CHAIN = 'fail2ban-sshd';

/** Two regions, and a net that something allowed lies inside of. */
const POOL = ['192.0.2.1', '192.0.2.2', '192.0.2.9', '198.51.100.1', '198.51.100.8', '203.0.113.0/24'];

interface Asked {
  readonly bans: readonly string[];
  readonly allowed: readonly string[];
  readonly verdict: Verdict;
}

function rulesetOf({ bans, allowed, verdict }: Asked): Ruleset {
  const claims = bans.map((ban) => ({ ip: netOf(ban), jail: 'sshd', ports: 'all', protocols: 'all' }));
  const means = { prefix: 'fail2ban-', verdict, backend: 'rules' } as const;
  return rulesetFor(claims, { family: 'ipv4', ...means, deny: [], allowed: allowed.map(netOf) });
}

const asked: fc.Arbitrary<Asked> = fc.record({
  bans: fc.subarray(POOL, { minLength: 1 }),
  allowed: fc.subarray(['203.0.113.7', '203.0.113.9']),
  verdict: fc.constantFrom<Verdict[]>('DROP', 'DROP', 'DROP', 'REJECT'),
});

/** Bans of the same chain may come into it in any order. */
const inOrder = (changes: readonly RuleChange[]): readonly string[] =>
  changes.map((change) => JSON.stringify(change)).toSorted();

adding('is what a look at the whole chain comes to, or is left to that', () => {
  let planned = 0;
  fc.assert(
    fc.property(asked, asked, (before, after) => {
      const [settled, wanted] = [rulesetOf(before), rulesetOf(after)];
      const [standing, want] = [settled.chains.get(CHAIN), wanted.chains.get(CHAIN)];
      if (standing === undefined || want === undefined) throw new Error('no chain is wanted');
      const texts = textsOf([...standing.allows, ...standing.verdicts.values(), RETURN_RULE]);

      const found = planAddition(CHAIN, { wanted, settled, variant: 'nft' });

      if (found === undefined) return;
      planned += 1;
      const rules = observedRules(CHAIN, texts);
      assert.equal(inOrder(found), inOrder(planChain(CHAIN, want, { rules, variant: 'nft' })));
    }),
    { numRuns: 300 },
  );
  assert.ok(planned > 0);
});

adding('is found for a ban more, and for nothing more than that', () => {
  const some: Asked = { bans: POOL.slice(0, 3), allowed: [], verdict: 'DROP' };
  const settled = rulesetOf(some);
  const planOf = (asked: Partial<Asked>): readonly RuleChange[] | undefined =>
    planAddition(CHAIN, { wanted: rulesetOf({ ...some, ...asked }), settled, variant: 'nft' });

  assert.is(planOf({ bans: POOL.slice(0, 4) })?.length, 1);
  assert.equal(planOf({}), []);
  assert.is(planOf({ bans: POOL.slice(1, 4) }), undefined);
  assert.is(planOf({ verdict: 'REJECT' }), undefined);
  assert.is(planOf({ bans: POOL, allowed: ['203.0.113.7'] }), undefined);
});

adding.run();
