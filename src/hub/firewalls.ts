/**
 * Adds, lists and removes the firewalls of a hub. Each has one ssh key, which can push its own branch, fetch all
 * branches and listen to the bell. All changes are idempotent.
 */
import { dirname, join } from 'node:path';
import { isSame } from '../access/gate.ts';
import { fingerprintOf } from '../domain/public-key.ts';
import { BanspoolError } from '../system/error.ts';
import {
  dropFirewallKey,
  linesBeside,
  parseFirewallKeys,
  putFirewallKey,
  type FirewallKey,
} from './hub-keys.ts';
import { keeps, type Hub, type HubGate } from './hub.ts';

/** A change takes milliseconds, but many may run at the same time. */
const LOCK_WAIT_MS = 30_000;

/** Adds the key, or replaces the one of its firewall. Returns a line for each change. Throws if the key is in use. */
export async function addFirewall(gate: HubGate, hub: Hub, added: FirewallKey): Promise<readonly string[]> {
  return whileLocked(gate, hub, async () => {
    const text = readKeys(gate, hub);
    refuseKnownKey(text, hub, added);
    const before = parseFirewallKeys(text, hub.door).find(({ firewall }) => firewall === added.firewall);
    const done: string[] = [];
    const changed = putFirewallKey(text, added, hub.door);
    const fingerprint = fingerprintOf(added.key);
    const isKept = isSame(gate.owned.look(hub.keysFile), keeps(gate, KEYS_MODE));
    if (changed !== text || !isKept) gate.owned.write(hub.keysFile, changed, keeps(gate, KEYS_MODE));
    if (changed !== text)
      done.push(`${hub.keysFile}: ${fingerprint} may push fw/${added.firewall}/claims, and fetch`);
    else if (!isKept) done.push(`${hub.keysFile}: owner and mode corrected`);
    if (before === undefined || changed === text) return done;
    const known = fingerprintOf(before.key);
    if (known !== fingerprint) done.push(`key ${known} of ${added.firewall} replaced`);
    await endOpen(gate, hub, done);
    return done;
  });
}

/** sshd and the door read the file as the account. */
const KEYS_MODE = 0o644;

/** sshd uses the first line that has the key, with the rights of that line. */
function refuseKnownKey(text: string, hub: Hub, { firewall, key }: FirewallKey): void {
  const owner = parseFirewallKeys(text, hub.door).find(
    (each) => each.firewall !== firewall && each.key.base64 === key.base64,
  );
  if (owner !== undefined)
    throw new BanspoolError('usage', `this key is already the key of ${owner.firewall}`, {
      hint: `make another key for ${firewall}: each firewall needs its own key`,
    });
  if (linesBeside(text, hub.door).some((line) => line.includes(key.base64)))
    throw new BanspoolError('usage', `another line of ${hub.keysFile} already allows this key`, {
      hint: `remove that line first, or make another key for ${firewall}`,
    });
}

/** The firewalls that are allowed, sorted by name. */
export function listFirewalls(gate: HubGate, hub: Hub): readonly FirewallKey[] {
  const keys = parseFirewallKeys(readKeys(gate, hub), hub.door);
  return keys.toSorted((a, b) => (a.firewall < b.firewall ? -1 : 1));
}

/** Removes the key of a firewall; its branch stays. Returns a line for each change. */
export async function removeFirewall(gate: HubGate, hub: Hub, firewall: string): Promise<readonly string[]> {
  return whileLocked(gate, hub, async () => {
    const text = readKeys(gate, hub);
    const changed = dropFirewallKey(text, firewall, hub.door);
    if (changed === text)
      throw new BanspoolError('usage', `no key belongs to "${firewall}"`, {
        hint: `banspool hub list --dir ${hub.folder} shows the firewalls that are allowed`,
      });
    gate.owned.write(hub.keysFile, changed, keeps(gate, KEYS_MODE));
    const done = [`${hub.keysFile}: the key of ${firewall} removed`];
    await endOpen(gate, hub, done);
    return done;
  });
}

/**
 * Ends the open fetches, pushes and bells of all firewalls; the others retry. The ssh connection of the old key stays
 * open, but the door refuses its later requests. It leaves the processes of containers alone: an account there may have
 * the same number.
 */
async function endOpen(gate: HubGate, { folder, account }: Hub, done: string[]): Promise<void> {
  const path = folder.replaceAll(/[^\w/-]/g, '[$&]');
  const { exitCode, stderr } = await gate.run('pkill', [
    ...['--ns', String(process.pid), '--nslist', 'pid', '--euid', String(account.uid)],
    ...['--full', `^(tail|timeout|git|git-[a-z]+-[a-z]+) .*${path}(/bell)?$`],
  ]);
  if (exitCode === 0) done.push('open fetches, pushes and bells ended');
  // 1: there was no such process.
  else if (exitCode > 1) throw new BanspoolError('command-failed', `pkill: ${stderr.trim()}`);
}

function readKeys({ owned }: HubGate, { keysFile }: Hub): string {
  return owned.read(keysFile) ?? '';
}

/** Reads, changes and writes the file under a lock: of two changes at the same time, one would be lost. */
async function whileLocked<T>(gate: HubGate, { keysFile }: Hub, act: () => Promise<T>): Promise<T> {
  const folder = dirname(keysFile);
  if (gate.owned.look(folder) === undefined)
    gate.owned.makeFolder(folder, keeps(gate, gate.caller.uid === 0 ? 0o755 : 0o700));
  const lock = await gate.takeLock(join(folder, 'hub'), LOCK_WAIT_MS);
  try {
    return await act();
  } finally {
    await lock.release();
  }
}
