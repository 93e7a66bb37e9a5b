import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedSet } from '../../../src/firewall/iptables/observed/observe-sets.ts';
import { readSets } from '../../../src/firewall/iptables/read-sets.ts';
import type { Tools } from '../../../src/system/firewall/iptables.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';

const test = suite('reading sets');

const PLACE = { family: 'ipv4', prefix: 'fail2ban-', now: () => 7 } as const;

/** With what was asked for, in order. */
async function firewallWith(...names: readonly string[]) {
  const firewall = new FakeFirewall();
  for (const name of names)
    await firewall.sets.restore(
      `create ${name} hash:net family inet maxelem 9 timeout 0 counters\nadd ${name} 192.0.2.1 timeout 9\n`,
    );
  const asked: string[] = [];
  const { heads, list, restore, restoreLong } = firewall.sets;
  const sets: Tools['sets'] = {
    ...{ kind: 'usable', restore, restoreLong },
    heads: async () => {
      const found = await heads();
      asked.push('heads');
      return found;
    },
    list: (set, take) => {
      asked.push(set);
      return list(set, take);
    },
  };
  return { sets, asked };
}

function settled(name: string): ObservedSet {
  const content = { kind: 'settled', members: new Map(), counts: '' } as const;
  return { name, make: 'fit', capacity: 9, isCounted: true, references: 0, content };
}

function knowing(...names: readonly string[]): ReadonlyMap<string, ObservedSet> {
  return new Map(names.map((name) => [name, settled(name)]));
}

const sizes = (sets: ReadonlyMap<string, ObservedSet>): unknown =>
  Array.from(sets.values(), ({ name, content }) => [
    name,
    content.kind === 'listed' ? content.members.hosts.addresses.length : content.kind,
  ]);

test('lists what this process filled while it looks which there are, and each set once', async () => {
  const { sets, asked } = await firewallWith('fail2ban-a', 'fail2ban-b', 'fail2ban-c');

  const found = await readSets(sets, { ...PLACE, known: knowing('fail2ban-a', 'fail2ban-b') });

  assert.equal(sizes(found), [
    ['fail2ban-a', 1],
    ['fail2ban-b', 1],
    ['fail2ban-c', 1],
  ]);
  assert.is(asked.indexOf('fail2ban-a') < asked.indexOf('heads'), true);
  assert.equal([...asked].sort(), ['fail2ban-a', 'fail2ban-b', 'fail2ban-c', 'heads']);
});

test('takes one that is gone for gone', async () => {
  const { sets } = await firewallWith('fail2ban-b');

  const found = await readSets(sets, { ...PLACE, known: knowing('fail2ban-a', 'fail2ban-b') });

  assert.equal(sizes(found), [['fail2ban-b', 1]]);
});

test('finds none where sets cannot be used', async () => {
  const sets: Tools['sets'] = { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' };

  assert.is((await readSets(sets, PLACE)).size, 0);
});

test.run();
