/**
 * Who may drop intents: for each server a folder in the spool, and an ssh key that can write there and do nothing else.
 * Everything is looked at before it is changed, so that doing it twice does it once.
 */
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.ts';
import {
  dropServerKeys,
  foreignKeyLines,
  formatScpKey,
  formatServerKey,
  parseScpKey,
  parseServerKeys,
  putServerKey,
  type ServerKey,
} from '../keys/authorized-keys.ts';
import { fingerprintOf, type PublicKey } from '../keys/public-key.ts';
import {
  formatScpFile,
  formatScpLimits,
  MAX_SCP_NAME,
  parseScpMatches,
  scpAccountOf,
  type ScpServer,
} from '../keys/scp-account.ts';
import type { Account, Accounts, NewAccount } from '../system/accounts.ts';
import { BanspoolError } from '../system/error.ts';
import type { Files } from '../system/files.ts';
import type { TakeLock } from '../system/lock.ts';
import type { Owned, Ownership } from '../system/owned.ts';
import type { Run } from '../system/run.ts';

/** What letting in touches, handed in. */
export interface Gate {
  readonly config: Config;
  readonly files: Files;
  readonly run: Run;
  readonly accounts: Accounts;
  readonly owned: Owned;
  readonly takeLock: TakeLock;
  /** The path of action.d/banspool-receive. */
  readonly receive: string;
}

export type Transport = 'rsync' | 'scp';

export interface NewServer {
  readonly server: string;
  readonly transport: Transport;
  readonly key: PublicKey;
  readonly from?: string;
}

export interface LetIn {
  readonly server: string;
  readonly transport: Transport;
  readonly fingerprint: string;
  readonly from?: string;
}

/** The account that all servers share which send by rsync; rrsync keeps them apart. */
export const KEY_ACCOUNT: NewAccount = { name: 'fail2ban', home: '/var/lib/banspool-keys', shell: '/bin/sh' };

/** Who reads the spool. */
export const CONTROLLER: NewAccount = {
  name: 'banspool',
  home: '/var/lib/banspool',
  shell: '/usr/sbin/nologin',
};

export const SSHD_FILE = '/etc/ssh/sshd_config.d/banspool.conf';
export const LIMITS_FILE = '/etc/security/limits.d/banspool.conf';

const RRSYNC = '/usr/bin/rrsync';
const ROOT: Ownership = { uid: 0, gid: 0, mode: 0o755 };
const KEYS_FILE: Ownership = { ...ROOT, mode: 0o644 };

/** It takes milliseconds, but Ansible adds all servers at once. */
const LOCK_WAIT_MS = 30_000;

/** New files take the folder's group, so that the folder's group is all that tells who may write. */
const SERVER_FOLDER_MODE = 0o2770;

/** Lets a server in, or changes how; returns what was done, a line each. Throws when the key is another server's. */
export async function letIn(gate: Gate, added: NewServer): Promise<readonly string[]> {
  return whileLocked(gate, () => letInAlone(gate, added));
}

async function letInAlone(gate: Gate, added: NewServer): Promise<readonly string[]> {
  const { server, transport, key } = added;
  const known = await listLetIn(gate);
  const owner = known.find((each) => each.server !== server && each.fingerprint === fingerprintOf(key));
  if (owner !== undefined) {
    const hint = `make one for ${server}: the key is what tells servers apart`;
    throw new BanspoolError('usage', `this key is already the key of ${owner.server}`, { hint });
  }
  // sshd takes the first line that a key stands in, and whatever that allows.
  if (foreignKeyLines(await readKeys(gate)).some((line) => line.includes(key.base64))) {
    throw new BanspoolError(
      'usage',
      'this key already lets somebody in, by a line that banspool did not write',
      {
        hint: `take that line out of the keys of ${KEY_ACCOUNT.name} first, or make a key for ${server} alone`,
      },
    );
  }
  // What sshd would not start with, or a missing sshd, is no reason to leave half of this behind.
  if (transport === 'scp') await requireSshd(gate);
  const done: string[] = [];
  const replaced = known.find((each) => each.server === server && each.fingerprint !== fingerprintOf(key));
  if (replaced !== undefined) done.push(`${server} had the key ${replaced.fingerprint}, which is replaced`);
  const controller = await ensureAccount(gate, CONTROLLER, done);
  const writer = await ensureAccount(gate, accountFor(server, transport), done);
  gate.owned.makeFolder(gate.config.spool, ROOT);
  const folder = join(gate.config.spool, server);
  const ownership = { uid: controller.uid, gid: writer.gid, mode: SERVER_FOLDER_MODE };
  if (!isSame(gate.owned.look(folder), ownership)) {
    gate.owned.makeFolder(folder, ownership);
    done.push(`${folder}: for ${controller.name} to read, for ${writer.name} to write`);
  }
  // Not both ways at once: what is taken away below must not still stand on the other side.
  if (transport === 'rsync') {
    await dropScp(gate, server, done);
    await putKey(gate, added, done);
  } else {
    await dropKey(gate, server, done);
    await putScp(gate, added, done);
  }
  return done;
}

/** Who is let in, by name. */
export async function listLetIn(gate: Gate): Promise<readonly LetIn[]> {
  const byRsync = parseServerKeys(await readKeys(gate)).map(({ server, key, from }): LetIn => ({
    ...{ server, transport: 'rsync', fingerprint: fingerprintOf(key) },
    ...(from !== undefined && { from }),
  }));
  const byScp: LetIn[] = [];
  for (const { server, keysFile } of await readScp(gate)) {
    const found = parseScpKey((await gate.files.read(keysFile)) ?? '');
    const fingerprint = found === undefined ? 'no key' : fingerprintOf(found.key);
    byScp.push({
      ...{ server, transport: 'scp', fingerprint },
      ...(found?.from !== undefined && { from: found.from }),
    });
  }
  return [...byRsync, ...byScp].sort((a, b) => (a.server < b.server ? -1 : 1));
}

/** Takes a server's key away, and its folder when nothing waits there; returns what was done, a line each. */
export async function shutOut(gate: Gate, server: string): Promise<readonly string[]> {
  return whileLocked(gate, () => shutOutAlone(gate, server));
}

async function shutOutAlone(gate: Gate, server: string): Promise<readonly string[]> {
  const done: string[] = [];
  await dropKey(gate, server, done);
  await dropScp(gate, server, done);
  if (done.length === 0) {
    throw new BanspoolError('usage', `no key lets "${server}" in`, {
      hint: 'banspool server list shows who is',
    });
  }
  const folder = join(gate.config.spool, server);
  done.push(
    gate.owned.removeEmptyFolder(folder) ? `${folder} removed` : `${folder} kept: intents still wait there`,
  );
  return done;
}

/** Files of all servers are read, changed and written: two at once would lose one's change. */
async function whileLocked<T>(gate: Gate, act: () => Promise<T>): Promise<T> {
  gate.owned.makeFolder(KEY_ACCOUNT.home, ROOT);
  const lock = await gate.takeLock(join(KEY_ACCOUNT.home, 'keys'), LOCK_WAIT_MS);
  try {
    return await act();
  } finally {
    await lock.release();
  }
}

export function accountFor(server: string, transport: Transport): NewAccount {
  if (transport === 'rsync') return KEY_ACCOUNT;
  if (server.length > MAX_SCP_NAME) {
    const hint = 'name it shorter, or let it send by rsync';
    throw new BanspoolError('usage', `"${server}" is too long for an account: over ${MAX_SCP_NAME}`, {
      hint,
    });
  }
  return { name: scpAccountOf(server), home: KEY_ACCOUNT.home, shell: '/usr/sbin/nologin' };
}

/** Where the keys of the servers stand that send by rsync. */
export function keysPath(home: string): string {
  return join(home, '.ssh', 'authorized_keys');
}

async function ensureAccount({ accounts }: Gate, wanted: NewAccount, done: string[]): Promise<Account> {
  const found = await accounts.find(wanted.name);
  if (found !== undefined) return found;
  const made = await accounts.add(wanted);
  done.push(`account ${wanted.name} made, without a password`);
  return made;
}

async function readKeys({ accounts, files }: Gate): Promise<string> {
  const account = await accounts.find(KEY_ACCOUNT.name);
  return account === undefined ? '' : ((await files.read(keysPath(account.home))) ?? '');
}

/** All root's own: whoever breaks out of a key as its account cannot let himself in for good. */
async function putKey(gate: Gate, { server, key, from }: NewServer, done: string[]): Promise<void> {
  const account = await ensureAccount(gate, KEY_ACCOUNT, done);
  const path = keysPath(account.home);
  gate.owned.makeFolder(account.home, ROOT);
  gate.owned.makeFolder(dirname(path), ROOT);
  const folder = join(gate.config.spool, server);
  const serverKey: ServerKey = { server, key, ...(from !== undefined && { from }) };
  const line = formatServerKey(serverKey, { receive: gate.receive, rrsync: RRSYNC, folder });
  const text = (await gate.files.read(path)) ?? '';
  const changed = putServerKey(text, server, line);
  if (changed !== text) {
    await gate.files.write(path, changed);
    done.push(`${path}: ${fingerprintOf(key)} may drop files there, and nothing else`);
  }
  if (!isSame(gate.owned.look(path), KEYS_FILE)) {
    gate.owned.give(path, KEYS_FILE);
    done.push(`${path}: for sshd to read, as ${account.name}`);
  }
  if (dropServerKeys(text, server) !== text && changed !== text)
    await closeSessions(gate, account.name, done);
}

async function dropKey(gate: Gate, server: string, done: string[]): Promise<void> {
  const account = await gate.accounts.find(KEY_ACCOUNT.name);
  if (account === undefined) return;
  const path = keysPath(account.home);
  const text = await gate.files.read(path);
  if (text === undefined || dropServerKeys(text, server) === text) return;
  await gate.files.write(path, dropServerKeys(text, server));
  done.push(`${path}: the key of ${server} removed`);
  await closeSessions(gate, account.name, done);
}

/**
 * sshd looks at a key only when a connection begins, and a sender's stands for a minute and more. Those of other servers
 * with the same account connect again. Not in a container's processes, whose accounts may have the same numbers.
 */
async function closeSessions({ run }: Gate, account: string, done: string[]): Promise<void> {
  const { exitCode, stderr } = await run('pkill', [
    ...['--ns', String(process.pid), '--nslist', 'pid'],
    ...['--euid', account, '^sshd'],
  ]);
  if (exitCode === 0) done.push(`connections of ${account} closed, which the old key had opened`);
  // 1: there was none.
  else if (exitCode > 1) throw new BanspoolError('command-failed', `pkill: ${stderr.trim()}`);
}

async function readScp({ files }: Gate): Promise<readonly ScpServer[]> {
  return parseScpMatches((await files.read(SSHD_FILE)) ?? '');
}

async function putScp(gate: Gate, { server, key, from }: NewServer, done: string[]): Promise<void> {
  const folder = join(KEY_ACCOUNT.home, 'scp');
  gate.owned.makeFolder(KEY_ACCOUNT.home, ROOT);
  gate.owned.makeFolder(folder, ROOT);
  const keysFile = join(folder, server);
  const line = `${formatScpKey({ server, key, ...(from !== undefined && { from }) })}\n`;
  const before = await gate.files.read(keysFile);
  if (before !== line) {
    await gate.files.write(keysFile, line);
    gate.owned.give(keysFile, KEYS_FILE);
    done.push(`${keysFile}: ${fingerprintOf(key)}`);
    if (before !== undefined) await closeSessions(gate, scpAccountOf(server), done);
  }
  const others = (await readScp(gate)).filter((each) => each.server !== server);
  await writeScp(gate, [...others, { server, spool: gate.config.spool, keysFile }], done);
}

async function dropScp(gate: Gate, server: string, done: string[]): Promise<void> {
  const servers = await readScp(gate);
  const dropped = servers.find((each) => each.server === server);
  if (dropped === undefined) return;
  await writeScp(
    gate,
    servers.filter((each) => each !== dropped),
    done,
  );
  await gate.files.remove(dropped.keysFile);
  await closeSessions(gate, scpAccountOf(server), done);
  await gate.accounts.remove(scpAccountOf(server));
  done.push(`account ${scpAccountOf(server)} removed`);
}

async function requireSshd({ run }: Gate): Promise<void> {
  const { exitCode, stderr } = await run('sshd', ['-t']);
  if (exitCode === 0) return;
  throw new BanspoolError('command-failed', `sshd would not start as it is: ${stderr.trim()}`, {
    hint: 'see to that first: sshd -t',
  });
}

/** A mistake in sshd's configuration would lock everybody out at its next start: sshd looks at it first. */
async function writeScp(gate: Gate, servers: readonly ScpServer[], done: string[]): Promise<void> {
  const before = await gate.files.read(SSHD_FILE);
  const text = formatScpFile(servers);
  if (before === text) return;
  await gate.files.write(LIMITS_FILE, formatScpLimits(servers));
  await gate.files.write(SSHD_FILE, text);
  const { exitCode, stderr } = await gate.run('sshd', ['-t']);
  if (exitCode !== 0) {
    if (before === undefined) await gate.files.remove(SSHD_FILE);
    else await gate.files.write(SSHD_FILE, before);
    throw new BanspoolError('command-failed', `sshd would not start with ${SSHD_FILE}: ${stderr.trim()}`, {
      hint: 'it was taken back; see to what sshd says first',
    });
  }
  done.push(`${SSHD_FILE} written; it takes effect with: systemctl reload ssh`);
}

export function isSame(found: Ownership | undefined, wanted: Ownership): boolean {
  return found?.uid === wanted.uid && found.gid === wanted.gid && found.mode === wanted.mode;
}
