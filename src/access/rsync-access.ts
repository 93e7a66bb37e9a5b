/** Access by rsync: a line of authorized_keys for each server, in an account that all of them share. */
import { dirname, join } from 'node:path';
import { dropServerKeys, formatServerKey, putServerKey, type ServerKey } from './authorized-keys.ts';
import { fingerprintOf } from '../domain/public-key.ts';
import {
  closeSessions,
  ensureAccount,
  isSame,
  KEY_ACCOUNT,
  KEYS_FILE,
  ROOT,
  type Gate,
  type NewServer,
} from './gate.ts';

/** Where the keys of the servers stand that send by rsync. */
export function keysPath(home: string): string {
  return join(home, '.ssh', 'authorized_keys');
}

/** The text of that file; empty where there is none. */
export async function readKeys({ accounts, owned }: Gate): Promise<string> {
  const account = await accounts.find(KEY_ACCOUNT.name);
  return account === undefined ? '' : (owned.read(keysPath(account.home)) ?? '');
}

/** Lets the server in by this key; another of its own is replaced. */
export async function putKey(gate: Gate, { server, key, from }: NewServer, done: string[]): Promise<void> {
  const account = await ensureAccount(gate, KEY_ACCOUNT, done);
  const path = keysPath(account.home);
  gate.owned.makeFolder(account.home, ROOT);
  gate.owned.makeFolder(dirname(path), ROOT);
  const folder = join(gate.config.spool, server);
  const serverKey: ServerKey = { server, key, ...(from !== undefined && { from }) };
  const line = formatServerKey(serverKey, { receive: gate.receive, rrsync: RRSYNC, folder });
  const text = gate.owned.read(path) ?? '';
  const changed = putServerKey(text, server, line);
  const isKept = isSame(gate.owned.look(path), KEYS_FILE);
  // A new file in any case: whoever had the old one open may still write to that.
  if (changed !== text || !isKept) gate.owned.write(path, changed, KEYS_FILE);
  if (changed !== text) done.push(`${path}: ${fingerprintOf(key)} may only write files there`);
  else if (!isKept) done.push(`${path}: sshd reads it as ${account.name}`);
  if (dropServerKeys(text, server) !== text && changed !== text)
    await closeSessions(gate, account.name, done);
}

/** Takes the key of the server away, if it has one. */
export async function dropKey(gate: Gate, server: string, done: string[]): Promise<void> {
  const account = await gate.accounts.find(KEY_ACCOUNT.name);
  if (account === undefined) return;
  const path = keysPath(account.home);
  const text = gate.owned.read(path);
  if (text === undefined || dropServerKeys(text, server) === text) return;
  gate.owned.write(path, dropServerKeys(text, server), KEYS_FILE);
  done.push(`${path}: the key of ${server} removed`);
  await closeSessions(gate, account.name, done);
}

const RRSYNC = '/usr/bin/rrsync';
