import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import type { Observed } from '../../../src/firewall/iptables/observed/observe.ts';
import type { ObservedSet } from '../../../src/firewall/iptables/observed/observe-sets.ts';
import { sizesOf } from '../../../src/firewall/iptables/sizes.ts';
import { rulesetFor } from '../../support/rules.ts';

const test = suite('sizes of sets');

test('are of each set that should stand: its members, and the room of the one that is there', () => {
  const bans = [
    ['203.0.113.7', 'sshd'],
    ['203.0.113.8', 'sshd'],
    ['203.0.113.7', 'web'],
  ].map(([ip = '', jail = '']) => ({ ip: netOf(ip), jail, ports: 'all', protocols: 'all' }));
  const options = { family: 'ipv4', prefix: 'fail2ban-', verdict: 'DROP', deny: [], allowed: [] } as const;
  const sshd: ObservedSet = {
    ...{ name: 'fail2ban-sshd', make: 'fit', capacity: 65_536, isCounted: true, references: 1 },
    ...{ content: { kind: 'unknown' } },
  };
  const observed: Observed = {
    family: 'ipv4',
    chains: new Map(),
    sets: new Map([sshd, { ...sshd, name: 'fail2ban-old' }].map((set) => [set.name, set])),
  };

  assert.equal(sizesOf(rulesetFor(bans, { ...options, backend: 'ipset' }), observed), [
    { name: 'fail2ban-sshd', members: 2, capacity: 65_536 },
    { name: 'fail2ban-web', members: 1, capacity: 0 },
  ]);
  assert.equal(sizesOf(rulesetFor(bans, { ...options, backend: 'rules' }), observed), []);
});

test.run();
