/** What attackers and others do from this network namespace, and whether it got through. */
import { connect } from 'node:net';
import type { Family } from '../../src/domain/net.ts';
import { eventually } from '../support/eventually.ts';
import { runProgram } from '../support/run-program.ts';
import * as assert from 'uvu/assert';
import { ADDRESSES, arrived, type FirewallName, type ServerName } from './network.ts';
import { Stream } from './stream.ts';

export type Who = 'attacker' | 'bystander';

/** More packets than this of the bystander, and the way is open. */
const MANY = 100;

/** A round trip takes under a millisecond, and a SYN is sent again after a second. */
const PATIENCE_MS = 2_500;

/** Tries to log in as somebody that there is not, as often as given. */
export async function failToLogIn(server: ServerName, times: number): Promise<void> {
  const options = [
    'BatchMode=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'ConnectTimeout=3',
  ];
  for (let count = 0; count < times; count += 1) {
    await runProgram([
      ...['ssh', '-F', 'none', '-b', ADDRESSES.attacker, ...options.flatMap((option) => ['-o', option])],
      `intruder@${ADDRESSES[server]}`,
    ]);
  }
}

/** Whether a connection to the sshd there comes about. */
export function reaches(who: Who, server: ServerName | FirewallName): Promise<boolean> {
  return new Promise((resolve) => {
    const target = { host: ADDRESSES[server], port: 22, localAddress: ADDRESSES[who] };
    const socket = connect(target).setTimeout(PATIENCE_MS);
    const end = (reached: boolean) => (): void => {
      socket.destroy();
      resolve(reached);
    };
    socket.on('connect', end(true)).on('timeout', end(false)).on('error', end(false));
  });
}

/** How many packets of the attacker reached a server while `action` ran; many of the bystander must have. */
export async function leaked(
  action: () => Promise<unknown>,
  families: readonly Family[] = ['ipv4'],
): Promise<number> {
  await using stream = await Stream.open();
  stream.start();
  for (const family of families) await untilForwarding(family);
  const before = await attackerPackets(families);
  await action();
  for (const family of families) await untilForwarding(family);
  return (await attackerPackets(families)) - before;
}

async function untilForwarding(family: Family): Promise<void> {
  const before = await arrived('bystander', 'web1', family);
  await eventually(async () => {
    assert.ok(
      (await arrived('bystander', 'web1', family)) > before + MANY,
      `nothing of ${family} comes through the firewall`,
    );
  }, 20_000);
}

async function attackerPackets(families: readonly Family[]): Promise<number> {
  let packets = 0;
  for (const family of families)
    for (const server of ['web1', 'web2'] as const) packets += await arrived('attacker', server, family);
  return packets;
}
