/** Waits for a ban of jail sshd, which is that of the support's intents, in the IPv4 table. */
import * as assert from 'uvu/assert';
import { eventually } from './eventually.ts';
import { iptablesRules, type Table } from './firewall.ts';

/** Whether its address is dropped now. */
export async function isDropped(ip: string, table: Table = {}): Promise<boolean> {
  return (await iptablesRules(table)).includes(`-A fail2ban-sshd -s ${ip}/32 -j DROP`);
}

/** Resolves when the address is dropped; throws when it is not in time. */
export async function untilDropped(ip: string, limitMs?: number): Promise<void> {
  await eventually(async () => {
    assert.ok(await isDropped(ip), `${ip} is not dropped`);
  }, limitMs);
}

/** Resolves when the address is let through; throws when it is not in time. */
export async function untilLetThrough(ip: string): Promise<void> {
  await eventually(async () => {
    assert.not(await isDropped(ip), `${ip} is dropped`);
  });
}
