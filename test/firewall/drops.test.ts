import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DropTable } from '../../src/pass/drop-table.ts';
import { FamilyDrops, uncountedChains, type JailDrops, type Looked } from '../../src/firewall/drops.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { lookedAt, preview } from '../../src/pass/preview.ts';
import { banText, unbanText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { PACKET_BYTES, sendPackets } from '../support/send-packets.ts';

const test = suite('what is dropped');

const EVERYTHING = { protocol: 'all', ports: 'all' };

for (const iptables of ['nft', 'legacy'] as const)
  test(`is told of each ban, and of each jail also once its bans have ended (${iptables})`, async () => {
    await using sandbox = await Sandbox.open({ config: { iptables } });
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    const [one, other] = ['198.51.100.7', '2001:db8::7'] as const;
    for (const ip of [one, other]) sandbox.drop('web1', banText(`"${ip}"`, EVERYTHING));
    await makePass(world, memory);
    await sendPackets(one, 3);
    await sendPackets(other, 2);

    await makePass(world, memory);
    const nets = [...memory.firewall.netDrops()];
    const table = new DropTable(lookedAt(await preview(world)));
    sandbox.drop('web1', unbanText(one));
    await makePass(world, memory, 'quick');
    sandbox.drop('web1', banText(one, EVERYTHING));
    await makePass(world, memory, 'quick');
    await sendPackets(one, 1);
    await makePass(world, memory);

    const [ipv4, ipv6] = [
      { packets: 3, bytes: 3 * PACKET_BYTES.ipv4 },
      { packets: 2, bytes: 2 * PACKET_BYTES.ipv6 },
    ];
    const place = { chain: 'fail2ban-sshd', jail: 'sshd' };
    assert.equal(nets, [
      { ip: one, family: 'ipv4', ...place, ...ipv4 },
      { ip: other, family: 'ipv6', ...place, ...ipv6 },
    ]);
    assert.equal(table.of({ ...nets[0], ...place, family: 'ipv4', ip: one }), ipv4);
    assert.equal(memory.firewall.jailDrops(), [
      { jail: 'sshd', family: 'ipv4', packets: 4, bytes: 4 * PACKET_BYTES.ipv4 },
      { jail: 'sshd', family: 'ipv6', ...ipv6 },
    ]);
  });

test('begins with the process: what was counted before is told of each ban, and of no jail', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.drop('web1', banText('198.51.100.7', EVERYTHING));
  await makePass(world);
  await sendPackets('198.51.100.7', 2);
  const memory = freshMemory(world);

  await makePass(world, memory);

  assert.equal(
    Array.from(memory.firewall.netDrops(), ({ packets }) => packets),
    [2],
  );
  assert.equal(memory.firewall.jailDrops(), [{ jail: 'sshd', family: 'ipv4', packets: 0, bytes: 0 }]);
});

test('names each chain once whose nets nobody counts', () => {
  const looked = [['fail2ban-sshd', 'fail2ban-web'], [], ['fail2ban-sshd']].map(
    (chains) => ({ dataplane: { uncounted: () => chains } }) as unknown as Looked,
  );

  assert.equal(uncountedChains(looked), ['fail2ban-sshd', 'fail2ban-web']);
});

test('names the first 200 jails of a family, which keep their names, and tells the others together', () => {
  const jails = Array.from({ length: 202 }, (_, index) => `jail${index}`);
  const looked = (dropped: readonly JailDrops[]): Looked => {
    return { dataplane: { droppedSince: () => dropped }, ruleset: {}, observed: {} } as unknown as Looked;
  };
  const drops = new FamilyDrops();

  for (const jail of jails) drops.note(looked([{ jail, family: 'ipv4', packets: 0, bytes: 0 }]));
  drops.note(looked(jails.map((jail) => ({ jail, family: 'ipv4', packets: 1, bytes: 60 }))));

  const totals = [...drops.totals];
  assert.is(totals.length, 201);
  assert.ok(totals.slice(0, 200).every(({ jail, packets }, at) => jail === jails[at] && packets === 1));
  assert.equal(totals[200], { jail: 'other', family: 'ipv4', packets: 2, bytes: 120 });
});

test.run();
