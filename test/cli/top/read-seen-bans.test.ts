import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSeenBans } from '../../../src/cli/top/read-seen-bans.ts';
import type { SeenBans } from '../../../src/top/seen.ts';
import { withRates } from '../../../src/top/with-rates.ts';
import { banText } from '../../support/intent-text.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { runProgram } from '../../support/run-program.ts';
import { PACKET_BYTES, sendPackets } from '../../support/send-packets.ts';

const test = suite('the bans that top reads');

test('have what each dropped, and a rate from the second reading on', async () => {
  await using sandbox = await Sandbox.open();
  for (const server of ['web1', 'web2'])
    sandbox.drop(server, banText('198.51.100.7', { ports: 'all', protocol: 'all' }));
  await sandbox.cli('reconcile');
  let now = Date.now();
  const world = worldOf(sandbox, { now: () => now });
  await sendPackets('198.51.100.7', 3);

  const first = await readSeenBans(world);
  await sendPackets('198.51.100.7', 8);
  now += 4_000;
  const second = withRates(await readSeenBans(world), first);

  assert.equal(shown(first), [['198.51.100.7', 'sshd', 'web1, web2', 3, 3 * PACKET_BYTES.ipv4, null]]);
  assert.equal(shown(second), [['198.51.100.7', 'sshd', 'web1, web2', 11, 11 * PACKET_BYTES.ipv4, 2]]);
});

test('are the same by a process of its own, which tells them as JSON', async () => {
  await using sandbox = await Sandbox.open();
  for (const [index, ip] of ['198.51.100.7', '2001:db8::7'].entries())
    sandbox.drop(`web${index}`, banText(ip));
  await sandbox.cli('reconcile');
  const world = worldOf(sandbox);
  const told = await runProgram(sandbox.command('top', '--bans'));

  const own = await readSeenBans(world);

  assert.equal(shown(JSON.parse(told.stdout) as SeenBans), shown(own));
  assert.is(shown(own).length, 2);
});

test('are unreadable with their reason where the state is', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('reconcile');
  mkdirSync(join(sandbox.state, 'claims/ipv4'), { recursive: true });
  writeFileSync(join(sandbox.state, 'claims/ipv4/198.yaml'), 'nonsense');

  const seen = await readSeenBans(worldOf(sandbox));

  assert.is(seen.kind, 'unreadable');
  assert.match(seen.kind === 'unreadable' ? seen.why : '', 'claims/ipv4/198.yaml');
});

function shown(seen: SeenBans): readonly unknown[] {
  return seen.kind !== 'read'
    ? [seen]
    : seen.bans.map((ban) => [ban.ip, ban.jail, ban.servers.join(', '), ban.packets, ban.bytes, ban.rate]);
}

test.run();
