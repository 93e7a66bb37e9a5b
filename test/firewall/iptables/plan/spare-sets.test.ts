import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import type { Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import type { ObservedSet } from '../../../../src/firewall/iptables/observed/observe-sets.ts';
import { isHeld, withSpareSets } from '../../../../src/firewall/iptables/plan/spare-sets.ts';
import type { Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { observedRules, rulesetFor } from '../../../support/rules.ts';

const spare = suite('spare sets');

const CHAIN = 'fail2ban-sshd';
const NONE: ReadonlySet<string> = new Set();

const BANS = ['203.0.113.7', '192.0.2.0/24', '0.0.0.0/0'];

const WANTED: Ruleset = rulesetFor(
  BANS.map((ip) => ({ ip: netOf(ip), jail: 'sshd', ports: 'all', protocols: 'all' })),
  { family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'ipset', deny: [], allowed: [] },
);

/** Sets of another kind that so many rules look into, beside one of ours that looks into the chain's own. */
function taken(references: Readonly<Record<string, number>>): Observed {
  const sets = Object.entries(references).map(([name, count]): ObservedSet => {
    return {
      name,
      make: 'alien',
      capacity: 9,
      isCounted: false,
      references: count,
      content: { kind: 'unknown' },
    };
  });
  const rules = observedRules(CHAIN, [`-m set ! --match-set ${CHAIN} src -j DROP`]);
  return {
    family: 'ipv4',
    chains: new Map([[CHAIN, rules]]),
    sets: new Map(sets.map((set) => [set.name, set])),
  };
}

/** What the chain looks into, and by which rules it drops. */
function chainOf(observed: Observed, free = NONE): readonly unknown[] {
  const chain = withSpareSets(WANTED, observed, free).chains.get(CHAIN);
  return [chain?.set?.name, [...(chain?.verdicts.keys() ?? [])].sort()];
}

const inSet = (set: string): readonly unknown[] => [
  set,
  ['-j DROP', `-m set --match-set ${set} src -j DROP`],
];

spare('a chain whose set somebody else keeps from going looks into one of another name', () => {
  assert.equal(chainOf(taken({ [CHAIN]: 2 })), inSet(`${CHAIN}:5`));
});

spare('where that is kept too each ban is a rule', () => {
  const rules = ['-j DROP', '-s 192.0.2.0/24 -j DROP', '-s 203.0.113.7/32 -j DROP'];

  assert.equal(chainOf(taken({ [CHAIN]: 2, [`${CHAIN}:5`]: 1 })), [undefined, rules]);
});

spare('a set that rules of ours alone look into, or did a moment ago, is in nobody’s way', () => {
  for (const [observed, free] of [
    [taken({ [CHAIN]: 1 }), NONE],
    [taken({ [CHAIN]: 2 }), new Set([CHAIN])],
    [taken({ [`${CHAIN}:5`]: 2 }), NONE],
  ] as const)
    assert.equal(chainOf(observed, free), inSet(CHAIN));
  assert.is(withSpareSets(WANTED, taken({ [CHAIN]: 1 }), NONE), WANTED);
});

spare('the chain is the same object each time, until its spare set is kept too', () => {
  const chain = (observed: Observed): unknown => withSpareSets(WANTED, observed, NONE).chains.get(CHAIN);
  const first = chain(taken({ [CHAIN]: 2 }));

  assert.is(chain(taken({ [CHAIN]: 3 })), first);
  assert.is.not(chain(taken({ [CHAIN]: 2, [`${CHAIN}:5`]: 1 })), first);
});

spare('a set is held by rules of others beside ours, and by no rule it is not', () => {
  const heldBy = (references: number): boolean => {
    const observed = taken({ [CHAIN]: references });
    return Array.from(observed.sets.values()).some((set) => isHeld(set, observed));
  };

  assert.equal([0, 1, 2].map(heldBy), [false, false, true]);
});

spare.run();
