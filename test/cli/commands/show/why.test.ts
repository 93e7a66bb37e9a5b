/** What `why` says of an address. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { iptables } from '../../../support/firewall.ts';
import { FleetOfSandboxes } from '../../../support/fleet.ts';
import { banText, intentText } from '../../../support/intent-text.ts';
import { makePass, worldOf } from '../../../support/pass.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const why = suite('why');

for (const [verdict, rule] of [
  ['DROP', '-j DROP'],
  ['REJECT', '-j REJECT --reject-with icmp-port-unreachable'],
] as const) {
  why(`an address is dropped where everybody is denied is told by the rule (${verdict})`, async () => {
    await using sandbox = await Sandbox.open({ config: { verdict } });
    sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24 }\ndeny:\n  - { net: 0.0.0.0/0 }\n');
    await makePass(worldOf(sandbox));

    const denied = await sandbox.cli('why', '198.51.100.7');
    const allowed = await sandbox.cli('why', '192.0.2.7');
    const other = await sandbox.cli('why', '2001:db8::7');

    assert.match(denied.stdout, '198.51.100.7 is dropped on all ports\n');
    assert.match(denied.stdout, `  -A fail2ban-.deny ${rule}  (0 packets, 0 bytes)\n`);
    assert.not.match(denied.stdout, '-j RETURN');
    assert.match(allowed.stdout, '192.0.2.7 is not dropped by banspool\n');
    assert.match(other.stdout, '2001:db8::7 is not dropped by banspool\n');
  });
}

why('another address than the one that is banned is not dropped is no rule’s doing', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));

  const banned = await sandbox.cli('why', '198.51.100.7');
  const other = await sandbox.cli('why', '198.51.100.8');

  assert.match(banned.stdout, '198.51.100.7 is dropped on 22/tcp\n');
  assert.is(other.stdout, '198.51.100.8 is not dropped by banspool\n');
});

why('an address is dropped on the ports of all its jails, and on no others', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7', { ports: '22,2222' }));
  sandbox.drop('web2', banText('198.51.100.7', { jail: 'dns', ports: '53', protocol: 'udp,tcp' }));
  sandbox.drop('web2', banText('198.51.100.9', { jail: 'web', ports: '443' }));
  sandbox.drop('web1', banText('2001:db8::7', { jail: 'ping', protocol: 'icmp' }));
  await makePass(worldOf(sandbox));

  const both = await sandbox.cli('why', '198.51.100.7');
  const ping = await sandbox.cli('why', '2001:db8::7', '--json');

  assert.match(both.stdout, '198.51.100.7 is dropped on 22,53,2222/tcp and 53/udp\n');
  assert.equal((JSON.parse(ping.stdout) as { traffic: unknown }).traffic, ['all icmp']);
});

why('an address that should be let in again and is dropped still is told as such', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  await sandbox.cli('ban', '198.51.100.7', '--wait');
  await sandbox.cli('ban', '2001:db8::7', '--wait');
  controller.process.kill('SIGKILL');
  await controller.ended;

  for (const address of ['198.51.100.7', '2001:db8::7']) {
    await sandbox.cli('unban', address);
    const lifted = await sandbox.cli('why', address);

    assert.match(
      lifted.stdout,
      `${address} should no longer be dropped, but is on all ports: no pass is due: `,
    );
  }
  await sandbox.cli('reconcile');
  const after = await sandbox.cli('why', '198.51.100.7');

  assert.match(after.stdout, '198.51.100.7 is not dropped by banspool\n');
});

why(
  'an address that should be dropped and is not is told as such, whatever took the rules or the jumps',
  async () => {
    await using sandbox = await Sandbox.open();
    sandbox.drop('web1', banText('198.51.100.7'));
    await sandbox.cli('reconcile');
    await iptables(['-F', 'INPUT']);

    const entered = await sandbox.cli('why', '198.51.100.7');
    await sandbox.cli('reconcile');
    await iptables(['-F', 'fail2ban-sshd']);
    const flushed = await sandbox.cli('why', '198.51.100.7', '--json');
    await sandbox.cli('reconcile');
    const mended = await sandbox.cli('why', '198.51.100.7', '--json');

    assert.match(entered.stdout, '198.51.100.7 should be dropped, but is not: the next pass corrects it\n');
    const verdictOf = ({ stdout }: { readonly stdout: string }): unknown => {
      const { ip, verdict, wanted } = JSON.parse(stdout) as Record<string, unknown>;
      return [ip, verdict, wanted];
    };
    assert.equal(verdictOf(flushed), ['198.51.100.7', 'passes', 'dropped']);
    assert.equal(verdictOf(mended), ['198.51.100.7', 'dropped', 'dropped']);
  },
);

why(
  'of a family that the config does not list says that, and not that the firewall cannot be read',
  async () => {
    await using sandbox = await Sandbox.open({ config: { families: '[ipv4]' } });
    sandbox.drop('web1', banText('2001:db8::7'));
    await sandbox.cli('reconcile');

    const { stdout } = await sandbox.cli('why', '2001:db8::7');

    assert.match(stdout, /^2001:db8::7 is not managed: the config does not list ipv6 in families\nclaims\n/);
  },
);

why('a network is told as a whole, and what is inside it summed up', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy(
    'limits: { servers: { local: { prefix4: 8 } } }\nallow:\n  - { net: 203.0.113.9, note: office }\n',
  );
  for (let host = 1; host <= 12; host += 1)
    sandbox.drop('web1', banText(`203.0.113.${host}`, { bantime: 600 + host }));
  sandbox.drop('web2', banText('203.0.113.1', { jail: 'web' }));
  await makePass(worldOf(sandbox));

  const part = await sandbox.cli('why', '203.0.113.0/24');
  const asJson = await sandbox.cli('why', '203.0.113.0/24', '--json');
  const none = await sandbox.cli('why', '198.51.100.0/24');
  sandbox.drop('local', intentText({ intent: 'ban', ip: '203.0.0.0/16', jail: 'manual', protocol: 'all' }));
  await makePass(worldOf(sandbox));
  const whole = await sandbox.cli('why', '203.0.113.0/24');

  assert.match(
    part.stdout,
    /^203\.0\.113\.0\/24 is not dropped as a whole: 11 addresses inside it are\ninside\n {2}11 addresses banned, 12 bans, 12 claims, 1 claim not enforced\n {2}claims by server: web1 11, web2 1\n {2}claims by jail: sshd 11, web 1\n {2}the newest 10:\n(?: {4}.* for 10 min.*\n){10}policy\n {2}203\.0\.113\.9 is never dropped: policy\.yaml line 3 \(office\)\n$/,
  );
  const { inside, claims, rules, policy } = JSON.parse(asJson.stdout) as Record<string, unknown>;
  const { newest, ...counts } = inside as { newest: readonly unknown[] };
  assert.equal(counts, {
    ...{ addresses: 11, bans: 12, claims: 12, ignored: 1 },
    servers: [
      { name: 'web1', claims: 11 },
      { name: 'web2', claims: 1 },
    ],
    jails: [
      { name: 'sshd', claims: 11 },
      { name: 'web', claims: 1 },
    ],
  });
  assert.equal([newest.length, claims, rules], [10, [], []]);
  assert.equal(policy, [
    {
      ...{ kind: 'allow', net: '203.0.113.9', code: 'policy', line: 3, note: 'office' },
      text: '203.0.113.9 is never dropped: policy.yaml line 3 (office)',
    },
  ]);
  assert.is(none.stdout, '198.51.100.0/24 is not dropped by banspool\ninside\n  no bans\n');
  assert.match(whole.stdout, '203.0.113.0/24 is dropped on all ports, except 203.0.113.9\n');
  assert.match(whole.stdout, /\nclaims\n {2}203\.0\.0\.0\/16 in manual /);
});

why('an address is not dropped names the peer, its limit, and its operator who unbanned it', async () => {
  await using fleet = await FleetOfSandboxes.open(['fw1', 'fw2'], {
    limits: 'claims: 1, jails: [web], prefix4: 32',
  });
  const [fw1, fw2] = [fleet.at('fw1'), fleet.at('fw2')];
  fw2.drop('web1', banText('203.0.113.7'));
  fw2.drop('web1', banText('203.0.113.8'));
  fw1.drop('web1', banText('198.51.100.7'));
  await fleet.exchange('fw1', 'fw2');
  await fw2.cli('unban', '198.51.100.7');
  await fleet.exchange('fw2', 'fw1');

  const unlisted = await fw1.cli('why', '203.0.113.7');
  const beyond = await fw1.cli('why', '203.0.113.8');
  const lifted = await fw1.cli('why', '198.51.100.7');

  assert.match(
    unlisted.stdout,
    /: fw2\/web1 claims it until .*; not enforced: policy\.yaml does not allow the peer fw2 to use the jail sshd \(jails: web\)\n/,
  );
  assert.match(
    beyond.stdout,
    /^203\.0\.113\.8 is not dropped by banspool\nclaims\n {2}203\.0\.113\.8 in sshd: fw2\/web1 claims it until .* UTC; not accepted: beyond claims: 1, a limit of the peer fw2 in policy\.yaml\n$/,
  );
  assert.match(
    lifted.stdout,
    /\n {2}198\.51\.100\.7 in every jail: fw2\/local, the operator of fw2, unbanned it at .* UTC; older bans do not count\n/,
  );
});

why.run();
