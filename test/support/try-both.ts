/** A ban and a policy that are tried, as by an operator who is not sure of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { iptablesRules } from './firewall.ts';
import type { Sandbox } from './sandbox.ts';

/** Banned for a day, once it is confirmed. */
export const NET = '203.0.113.0/24';
/** By the policy that is tried. */
export const DENIED = '192.0.2.0/24';
/** How long both are tried, unless for another time. */
export const LONG_MS = 3600_000;

/** Tries a ban and a policy for an hour. */
export async function tryBoth(sandbox: Sandbox, time = '1h'): Promise<void> {
  const file = join(sandbox.folder, 'new.yaml');
  writeFileSync(file, `deny:\n  - { net: ${DENIED} }\n`);
  for (const words of [
    ['ban', NET, '--for', '1d', '--confirm', time],
    ['policy', 'apply', file, '--confirm', time],
  ]) {
    const ran = await sandbox.cli(...words);
    assert.is(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, 'banspool: hint: banspool confirm keeps it');
  }
}

/** Whether the ban is enforced, and whether the policy is. */
export async function dropped(): Promise<readonly boolean[]> {
  return [await isDropped(NET), await isDropped(DENIED)];
}

async function isDropped(net: string): Promise<boolean> {
  return (await iptablesRules()).some((rule) => rule.endsWith(`-s ${net} -j DROP`));
}
