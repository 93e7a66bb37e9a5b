import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { netOf } from '../../../src/domain/net.ts';
import { IptablesDataplane } from '../../../src/firewall/iptables/iptables-dataplane.ts';
import type { Ruleset } from '../../../src/firewall/iptables/wanted/ruleset.ts';
import type { Tools } from '../../../src/system/firewall/iptables.ts';
import { FakeFirewall } from '../../support/fake-firewall.ts';
import { desireAll } from '../../support/rules.ts';

const dataplane = suite('data plane of iptables');

const SETTINGS = {
  family: 'ipv4',
  now: () => 1_795_330_000_000,
  config: { backend: 'ipset', chainPrefix: 'fail2ban-', hooks: ['INPUT'], verdict: 'DROP' },
} as const;

function wantedBy(plane: IptablesDataplane, ...ips: readonly string[]): Ruleset {
  const bans = ips.map((ip) => ({ ip: netOf(ip), jail: 'sshd', ports: 'all', protocols: 'all' }));
  return plane.rulesetOf(desireAll(bans, { family: 'ipv4', deny: [], allowed: [] }));
}

dataplane('reads the table again after a change of it, and not after one of a set alone', async () => {
  const plane = new IptablesDataplane(new FakeFirewall(), SETTINGS);
  const isRead: boolean[] = [];
  let observed = await plane.read();
  for (const ips of [['203.0.113.7'], ['203.0.113.7', '203.0.113.8']]) {
    const planned = plane.plan(wantedBy(plane, ...ips), observed);
    await plane.apply(planned);
    const after = await plane.after(planned, observed);
    isRead.push(after.isRead);
    observed = after.observed;
  }

  assert.equal(isRead, [true, false]);
  assert.equal(plane.plan(wantedBy(plane, '203.0.113.7', '203.0.113.8'), observed).changes, []);
});

dataplane('changes no set where it has none, and says so', async () => {
  const firewall = new FakeFirewall();
  const planned = ((): ReturnType<IptablesDataplane['plan']> => {
    const plane = new IptablesDataplane(firewall, SETTINGS);
    return plane.plan(wantedBy(plane, '203.0.113.7'), {
      ...{ family: 'ipv4', chains: new Map([['INPUT', []]]), sets: new Map() },
    });
  })();
  const { variant, list, listRaw, restore, listOther, listUnnamed, isOwn } = firewall;
  const sets = { kind: 'unusable', lack: 'program', reason: 'ipset is not installed' } as const;
  const tools: Tools = { variant, list, listRaw, restore, listOther, listUnnamed, isOwn, sets };

  const outcome = await new IptablesDataplane(tools, SETTINGS).apply(planned).catch(String);

  assert.match(String(outcome), 'ipset is not installed');
  assert.equal(firewall.restores, []);
});

dataplane(
  'changes a set line by line where one of its name was made in a way that nobody here knows of',
  async () => {
    const firewall = new FakeFirewall();
    await firewall.sets.restore(
      'create fail2ban-sshd hash:net family inet hashsize 1024 maxelem 65536 timeout 0 counters future\n',
    );
    const ips = Array.from({ length: 30 }, (_, index) => `203.0.113.${index}`);
    const plane = new IptablesDataplane(firewall, SETTINGS);
    const observed = await plane.read();
    const planned = plane.plan(wantedBy(plane, ...ips), observed);

    await plane.apply(planned);

    assert.equal(plane.plan(wantedBy(plane, ...ips), await plane.read()).changes, []);
    assert.equal(
      firewall.sets.restores.slice(1).map((text) => text.startsWith('create ')),
      [true, false],
    );
  },
);

dataplane('keeps what iptables printed beside rules, over all that it reads', async () => {
  const firewall = new FakeFirewall();
  const plane = new IptablesDataplane(firewall, SETTINGS);
  firewall.noise = ['xtables: hello'];
  const observed = await plane.read();
  firewall.noise = ['xtables: hello', 'and again'];
  await plane.readAgain(observed);

  assert.equal([...plane.noise], ['xtables: hello', 'and again']);
});

dataplane.run();
