import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DropTable } from '../../src/pass/drop-table.ts';
import { preview } from '../../src/pass/preview.ts';
import { readCounters } from '../../src/pass/read-counters.ts';
import { BanspoolError } from '../../src/system/error.ts';
import type { Run } from '../../src/system/processes/run.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import { PACKET_BYTES, sendPackets } from '../support/send-packets.ts';

const test = suite('counters for an answer that can do without');

const ATTACKER = '198.51.100.7';
const PLACE = { family: 'ipv4', chain: 'fail2ban-sshd', ip: ATTACKER } as const;

test('are those of the families that can be read, and the others are told of', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  sandbox.drop('web1', banText(ATTACKER, { protocol: 'all', ports: 'all' }));
  sandbox.drop('web1', banText('"2001:db8::7"'));
  await makePass(world);
  await sendPackets(ATTACKER, 3);
  const withoutIpv6: Run = async (file, args, options) => {
    if (file.startsWith('ip6tables')) throw new BanspoolError('command-timeout', `${file} hangs`);
    return world.run(file, args, options);
  };
  const found = await preview(world, { firewall: false });

  const whole = await readCounters(world, found);
  const half = await readCounters(worldOf(sandbox, { run: withoutIpv6 }), found);

  assert.equal([whole.looked.length, whole.unread], [2, []]);
  assert.equal(new DropTable(half.looked).of(PLACE), { packets: 3, bytes: 3 * PACKET_BYTES.ipv4 });
  assert.is(half.looked.length, 1);
  assert.match(half.unread.join(), 'ip6tables');
});

test('are none where the firewall cannot be asked at all', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox, {
    openFirewall: () => Promise.reject(new BanspoolError('command-missing', 'iptables is not installed')),
  });

  const { looked, unread } = await readCounters(world, await preview(world, { firewall: false }));

  assert.equal([looked, unread], [[], ['iptables is not installed']]);
});

test.run();
