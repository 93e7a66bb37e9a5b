/** What letting servers in has to do with: its interface to the machine, and the accounts it is about. */
import type { Config } from '../config/config.ts';
import type { PublicKey } from '../domain/public-key.ts';
import { MAX_SCP_NAME, scpAccountOf } from './scp-account.ts';
import type { Account, Accounts, NewAccount } from '../system/accounts.ts';
import { BanspoolError } from '../system/error.ts';
import type { TakeLock } from '../system/files/lock.ts';
import type { Owned, Ownership } from '../system/files/owned.ts';
import type { Run } from '../system/processes/run.ts';

/** What letting in touches, handed in. */
export interface Gate {
  readonly config: Config;
  readonly run: Run;
  readonly accounts: Accounts;
  readonly owned: Owned;
  readonly takeLock: TakeLock;
  readonly isRoot: () => boolean;
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

/** What is asked for. Without a key the server keeps the one it has, and whatever else is not said. */
export type WantedServer = Pick<NewServer, 'server'> & Partial<NewServer>;

/** The account that all servers share which send by rsync; rrsync keeps them apart. */
export const KEY_ACCOUNT: NewAccount = { name: 'fail2ban', home: '/var/lib/banspool-keys', shell: '/bin/sh' };

/** Who reads the spool. */
export const CONTROLLER: NewAccount = {
  name: 'banspool',
  home: '/var/lib/banspool',
  shell: '/usr/sbin/nologin',
};

/** Folders and files of keys are root's: whoever breaks out of a key as its account cannot let himself in for good. */
export const ROOT: Ownership = { uid: 0, gid: 0, mode: 0o755 };
export const KEYS_FILE: Ownership = { ...ROOT, mode: 0o644 };

/** The account that a server sends as. Throws where its name is too long for one. */
export function accountFor(server: string, transport: Transport): NewAccount {
  if (transport === 'rsync') return KEY_ACCOUNT;
  if (server.length > MAX_SCP_NAME) {
    const hint = 'choose a shorter name, or use rsync (without --scp)';
    throw new BanspoolError(
      'usage',
      `"${server}" is too long for an account name: the limit is ${MAX_SCP_NAME} characters`,
      {
        hint,
      },
    );
  }
  return { name: scpAccountOf(server), home: KEY_ACCOUNT.home, shell: '/usr/sbin/nologin' };
}

/** The account, made where it is missing; what was done goes to `done`, here and in all that follows. */
export async function ensureAccount(
  { accounts }: Pick<Gate, 'accounts'>,
  wanted: NewAccount,
  done: string[],
): Promise<Account> {
  const found = await accounts.find(wanted.name);
  if (found !== undefined) return found;
  const made = await accounts.add(wanted);
  done.push(`account ${wanted.name} created, without a password`);
  return made;
}

/**
 * sshd looks at a key only when a connection begins, and a sender's stands for a minute and more. Those of other
 * servers with the same account connect again. Not in a container's processes, whose accounts may have the same
 * numbers.
 */
export async function closeSessions({ run }: Gate, account: string, done: string[]): Promise<void> {
  const { exitCode, stderr } = await run('pkill', [
    ...['--ns', String(process.pid), '--nslist', 'pid'],
    ...['--euid', account, '^sshd'],
  ]);
  if (exitCode === 0) done.push(`open connections of ${account} closed`);
  // 1: there was none.
  else if (exitCode > 1) throw new BanspoolError('command-failed', `pkill: ${stderr.trim()}`);
}

/** True when the owner, group and mode found are those that are wanted. */
export function isSame(found: Ownership | undefined, wanted: Ownership): boolean {
  return found?.uid === wanted.uid && found.gid === wanted.gid && found.mode === wanted.mode;
}
