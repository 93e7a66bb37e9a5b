import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SeenBansReader } from '../../../src/cli/top/read-seen-bans.ts';
import type { SeenBans } from '../../../src/top/seen.ts';
import { banText } from '../../support/intent-text.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { PACKET_BYTES, sendPackets } from '../../support/send-packets.ts';

const test = suite('the bans that top reads');

test('have what each dropped, and a rate from the second reading on', async () => {
  await using sandbox = await Sandbox.open();
  for (const server of ['web1', 'web2'])
    sandbox.drop(server, banText('198.51.100.7', { ports: 'all', protocol: 'all' }));
  await sandbox.cli('reconcile');
  let now = Date.now();
  const reader = new SeenBansReader(worldOf(sandbox, { now: () => now }));
  await sendPackets('198.51.100.7', 3);

  const first = await reader.read();
  await sendPackets('198.51.100.7', 8);
  now += 4_000;
  const second = await reader.read();

  assert.equal(shown(first), [['198.51.100.7', 'sshd', 'web1, web2', 3, 3 * PACKET_BYTES.ipv4, null]]);
  assert.equal(shown(second), [['198.51.100.7', 'sshd', 'web1, web2', 11, 11 * PACKET_BYTES.ipv4, 2]]);
});

test('are unreadable with their reason where the state is', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('reconcile');
  mkdirSync(join(sandbox.state, 'claims/ipv4'), { recursive: true });
  writeFileSync(join(sandbox.state, 'claims/ipv4/198.yaml'), 'nonsense');

  const seen = await new SeenBansReader(worldOf(sandbox)).read();

  assert.is(seen.kind, 'unreadable');
  assert.match(seen.kind === 'unreadable' ? seen.why : '', 'claims/ipv4/198.yaml');
});

function shown(seen: SeenBans): readonly unknown[] {
  return seen.kind !== 'read'
    ? [seen]
    : seen.bans.map((ban) => [ban.ip, ban.jail, ban.servers.join(', '), ban.packets, ban.bytes, ban.rate]);
}

test.run();
