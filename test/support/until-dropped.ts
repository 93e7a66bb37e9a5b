/** Waits for a ban of jail sshd, which is that of the support's intents, in the IPv4 table. */
import { setTimeout as delay } from 'node:timers/promises';
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

/** Between two looks of {@link watchLetThrough}, which is about moments. */
const EVERY_MS = 20;

const LIMIT_MS = 120_000;

/**
 * Looks until the address is let through, and returns between which moments that came to be, in milliseconds since
 * 1970: when the last look began that found it dropped, and when the first one ended that did not. How long a look
 * takes, and when the next one gets the processor, says nothing of the ban.
 */
export async function watchLetThrough(
  ip: string,
): Promise<{ readonly after: number; readonly before: number }> {
  const startedAt = Date.now();
  for (let after = startedAt; ;) {
    const lookedAt = Date.now();
    if (!(await isDropped(ip))) return { after, before: Date.now() };
    after = lookedAt;
    assert.ok(after - startedAt < LIMIT_MS, `${ip} is dropped`);
    await delay(EVERY_MS);
  }
}
