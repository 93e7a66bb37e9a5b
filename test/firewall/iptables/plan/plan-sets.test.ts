import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../../src/domain/net.ts';
import type { Observed } from '../../../../src/firewall/iptables/observed/observe.ts';
import { planSets } from '../../../../src/firewall/iptables/plan/plan-sets.ts';
import { rulesetFor } from '../../../support/rules.ts';

const planning = suite('the plan of a set');

const NOTHING: Observed = { family: 'ipv4', chains: new Map(), sets: new Map() };

/** What a set for so many bans is made with. */
function capacityFor(count: number): number {
  const bans = Array.from({ length: count }, (_, index) => ({
    ip: netOf(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`),
    jail: 'sshd',
    ports: 'all',
    protocols: 'all',
  }));
  const desired = rulesetFor(bans, {
    family: 'ipv4',
    prefix: 'fail2ban-',
    verdict: 'DROP',
    backend: 'ipset',
    deny: [],
    allowed: [],
  });
  const [change] = planSets(desired, NOTHING, 0).before;
  if (change?.kind !== 'make-set') throw new Error('no set is made');
  assert.is(change.set.members.length, count);
  return change.set.capacity;
}

planning('makes room for twice the bans that there are, and for ipset’s own 65,536 at the least', () => {
  const capacities = [1, 32_768, 32_769, 65_536, 65_537].map(capacityFor);

  assert.equal(capacities, [65_536, 65_536, 131_072, 131_072, 262_144]);
});

planning.run();
