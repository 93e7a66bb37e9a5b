/** What a banned address has sent is counted as long as its ban lasts, whatever holds the ban meanwhile. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Drops } from '../../src/firewall/drops.ts';
import { DropTable } from '../../src/pass/drop-table.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { lookedAt, preview } from '../../src/pass/preview.ts';
import type { World } from '../../src/world/world.ts';
import { ipset, listSet } from '../support/firewall.ts';
import { snapshotText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { countPlanned, makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { PACKET_BYTES, sendPackets } from '../support/send-packets.ts';

const test = suite('counters of bans');

const [CHAIN, IP] = ['fail2ban-sshd', '203.0.113.7'];

async function dropsOf(world: World, ip = IP): Promise<Drops | undefined> {
  return new DropTable(lookedAt(await preview(world))).of({ family: 'ipv4', chain: CHAIN, ip });
}

const packetsOf = (count: number): Drops => ({ packets: count, bytes: count * PACKET_BYTES.ipv4 });

/** With so many others. */
function crowd(others: number): string {
  const hosts = Array.from({ length: others }, (_, index) => `198.51.${index >> 8}.${index & 255}`);
  return snapshotText([IP, ...hosts], { protocol: 'all', ports: 'all' });
}

/** Has the set in one that holds so many at the most, and that counts or does not. */
async function remake(capacity: number, counters: string): Promise<void> {
  const [, members = ''] = (await listSet(CHAIN)).split('Members:\n');
  const lines = members.split('\n').filter((line) => line !== '');
  await ipset(
    `create other hash:net family inet maxelem ${capacity} timeout 0 ${counters}`,
    ...lines.map((line) => `add other ${counters === '' ? line.replace(/ packets .*/, '') : line}`),
    `swap other ${CHAIN}`,
    'destroy other',
  );
}

for (const [iptables, kind] of [
  ['nft', 'quick'],
  ['legacy', 'full'],
] as const)
  test(`go on from rules to a set, to a larger one and back to rules (${iptables}, ${kind} passes)`, async () => {
    // Giving it back takes a transaction larger than a user namespace may send.
    if (isUserNamespace()) return;
    await using sandbox = await Sandbox.open({ config: { iptables } });
    const world = worldOf(sandbox);
    const memory = freshMemory(world);
    const seen: unknown[] = [];
    const hold = async (others: number): Promise<void> => {
      sandbox.drop('web1', crowd(others));
      await makePass(world, memory, kind);
      seen.push((await dropsOf(world))?.packets);
      await sendPackets(IP, 1);
    };
    sandbox.drop('web1', crowd(0));
    await makePass(world, memory);

    await hold(1);
    await hold(1_001);
    await remake(1_600, 'counters');
    // What is kept in mind is from before.
    memory.firewall.forget();
    await makePass(world, memory);
    await sendPackets(IP, 1);
    await hold(1_400);
    await hold(10);
    const dropped = await dropsOf(world);
    const [total] = memory.firewall.jailDrops();
    await makePass(world, memory);

    assert.equal(seen, [0, 1, 3, 4]);
    assert.equal(dropped, packetsOf(5));
    assert.ok((total?.packets ?? 0) <= 2);
    assert.is(await countPlanned(world), 0);
  });

test('begin where a set of an earlier version takes counters on, once, and no member is left out', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'ipset' } });
  const world = worldOf(sandbox);
  sandbox.drop('web1', crowd(3));
  await makePass(world);
  await remake(65_536, '');
  const before = await dropsOf(world);

  const upgraded = await makePass(world);
  await sendPackets(IP, 2);
  const again = await makePass(world);

  assert.is(before, undefined);
  assert.equal(
    [upgraded, again].map(({ changes }) =>
      changes.flatMap((each) => each.changes.map((change) => change.kind)),
    ),
    [['make-set'], []],
  );
  assert.equal([upgraded.problems, again.problems], [[], []]);
  assert.equal(await dropsOf(world), packetsOf(2));
  assert.equal(await dropsOf(world, '198.51.0.1'), packetsOf(0));
});

test('sum up by jail across a change of the backend, and count nothing twice', async () => {
  await using sandbox = await Sandbox.open({ config: { backend: 'rules' } });
  const rules = worldOf(sandbox);
  const memory = freshMemory(rules);
  sandbox.drop('web1', crowd(3));
  await makePass(rules, memory);
  await sendPackets(IP, 3);
  sandbox.configure({ backend: 'ipset' });
  const sets = worldOf(sandbox);

  await makePass(rules, memory);
  await makePass(sets);
  await sendPackets(IP, 2);
  const asSet = await dropsOf(sets);
  await makePass(rules, memory);
  await sendPackets(IP, 1);
  await makePass(rules, memory);

  assert.equal(asSet, packetsOf(5));
  assert.equal(await dropsOf(rules), packetsOf(6));
  const total = memory.firewall.jailDrops()[0]?.packets ?? 0;
  assert.ok(total >= 4 && total <= 6, String(total));
});

test.run();
