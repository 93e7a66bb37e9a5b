import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import type { Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import type { ObservedSet } from '../../../../src/firewall/iptables/observed/observe-sets.ts';
import { afterChanges } from '../../../../src/firewall/iptables/plan/after-changes.ts';
import { planSets } from '../../../../src/firewall/iptables/plan/plan-sets.ts';
import type { Ruleset } from '../../../../src/firewall/iptables/wanted/ruleset.ts';
import { rulesetFor } from '../../../support/rules.ts';
import { membersIn } from '../../../../src/firewall/iptables/observed/listing-reader.ts';

const test = suite('what is known after changes');

const NOW = 1_700_000_000_000;

function wanted(...jails: readonly string[]): Ruleset {
  const bans = jails.map((jail) => ({ ip: netOf('203.0.113.7'), jail, ports: 'all', protocols: 'all' }));
  return rulesetFor(bans, {
    ...{ family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', backend: 'ipset', deny: [], allowed: [] },
  });
}

function holding(...sets: readonly Partial<ObservedSet>[]): Observed {
  const whole = sets.map((set): ObservedSet => {
    const content = { kind: 'listed', members: membersIn('192.0.2.9 timeout 0\n'), at: NOW } as const;
    return { name: '', make: 'fit', capacity: 65_536, isCounted: true, references: 1, content, ...set };
  });
  return { family: 'ipv4', chains: new Map(), sets: new Map(whole.map((set) => [set.name, set])) };
}

test('is that each wanted set holds what it should, and that no other is there', () => {
  const ruleset = wanted('sshd', 'web');
  const before = holding(
    { name: 'fail2ban-sshd', capacity: 131_072 },
    { name: 'fail2ban-web', make: 'foreign-made', capacity: 9 },
    { name: 'fail2ban-old', references: 0 },
  );
  const plan = planSets(ruleset, before, NOW);

  const observed = afterChanges(before, ruleset, [...plan.before, ...plan.after]);

  assert.equal(Array.from(observed.sets.values(), ({ name, capacity }) => `${name} ${capacity}`).sort(), [
    'fail2ban-sshd 131072',
    'fail2ban-web 65536',
  ]);
  const again = planSets(ruleset, observed, NOW);
  assert.equal([again.before, again.after], [[], []]);
});

test('is no more than that: a set that nobody took out is still there', () => {
  const before = holding({ name: 'fail2ban-held', references: 2 });

  assert.equal(afterChanges(before, wanted(), []), before);
});

test.run();
