import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { eventually } from '../support/eventually.ts';
import { iptables } from '../support/firewall.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { Lab, PORT } from './lab.ts';
import { enter, FIREWALL } from './topology.ts';

const test = suite('an attacker');

/** From the intent's arrival to the first dropped packet; it is 50 ms where nothing else runs. */
const ENFORCED_WITHIN_MS = 1_000;

async function openFirewall(): Promise<Sandbox> {
  return Sandbox.open({ enter: enter(FIREWALL) });
}

for (const family of ['ipv4', 'ipv6'] as const) {
  test(`that a server bans reaches no server until it is unbanned, over ${family}`, async () => {
    await using lab = await Lab.build(2);
    await using sandbox = await openFirewall();
    await sandbox.startController();
    const attacker = lab.attacker.site[family];
    const targets = lab.servers.map(({ site }) => ({ address: site[family], port: PORT }));
    const [first = { address: '', port: 0 }] = targets;
    for (const target of targets) assert.is(await lab.attacker.reach(target), 'answered');

    const droppedAt = performance.timeOrigin + performance.now();
    sandbox.drop('web1', banText(attacker));
    const silentAt = await lab.attacker.watch(first, 'silent', 5_000);
    const whileBanned = await Promise.all(targets.map((target) => lab.attacker.connect(target)));
    sandbox.drop('web1', unbanText(attacker));
    await lab.attacker.watch(first, 'answered', 5_000);

    assert.equal(whileBanned, ['silent', 'silent']);
    assert.ok(silentAt - droppedAt < ENFORCED_WITHIN_MS, `${silentAt - droppedAt} ms`);
  });
}

test('that is banned while connected is cut off, though established connections are accepted', async () => {
  await using lab = await Lab.build();
  await using sandbox = await openFirewall();
  const target = { address: '203.0.113.11', port: PORT };
  await iptables(['-A', 'FORWARD', '-m', 'conntrack', '--ctstate', 'ESTABLISHED', '-j', 'ACCEPT'], {
    enter: enter(FIREWALL),
  });
  await sandbox.startController();
  assert.is(await lab.attacker.hold(target), 'answered');
  assert.is(await lab.attacker.talk(), 'answered');

  sandbox.drop('web1', banText(lab.attacker.site.ipv4));

  await eventually(async () => {
    assert.is(await lab.attacker.talk(200), 'silent');
  });
});

test('is told at once that it is turned away when the verdict is REJECT', async () => {
  await using lab = await Lab.build();
  await using sandbox = await Sandbox.open({ enter: enter(FIREWALL), config: { verdict: 'REJECT' } });
  const target = { address: '203.0.113.11', port: PORT };
  await sandbox.startController();

  sandbox.drop('web1', banText(lab.attacker.site.ipv4));

  await lab.attacker.watch(target, 'refused', 5_000);
});

test('can still reach a port that the ban is not about', async () => {
  await using lab = await Lab.build();
  await using sandbox = await openFirewall();
  await sandbox.startController();

  sandbox.drop('web1', banText(lab.attacker.site.ipv4, { ports: '25' }));

  await eventually(() => {
    assert.is(sandbox.status().bans, 1);
  });
  assert.is(await lab.attacker.reach({ address: '203.0.113.11', port: PORT }), 'answered');
});

test.run();
