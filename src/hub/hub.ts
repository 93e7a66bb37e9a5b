/**
 * A hub: a bare repository through which firewalls share their bans, and the account that they log in to. If root makes
 * it, root owns the folder, the config, the hooks, the door and the file of keys, so that an attacker who runs code as
 * the account changes none of them. The account owns the objects, the branches and the bell. The folder is sticky,
 * because git creates files in it. If another user makes it, that user owns everything.
 */
import { join } from 'node:path';
import type { Gate } from '../access/gate.ts';
import { keysPath } from '../access/rsync-access.ts';
import type { Account } from '../system/accounts.ts';
import { BanspoolError, errnoOf } from '../system/error.ts';
import type { Ownership } from '../system/files/owned.ts';
import type { Identity } from '../system/user.ts';
import { accountInConfig } from './hub-config.ts';

/** The access to the system that a hub needs. */
export interface HubGate extends Pick<Gate, 'run' | 'accounts' | 'owned' | 'takeLock'> {
  /** The user who runs the command, and owns everything that the account does not own. */
  readonly caller: Identity;
  readonly callerName: string;
  /** action.d/hub, the folder with the door and the hooks. */
  readonly scripts: string;
}

export interface Hub {
  readonly folder: string;
  readonly door: string;
  readonly account: Account;
  readonly keysFile: string;
}

/** The hub in that folder, of the account. */
export function hubIn(folder: string, account: Account): Hub {
  return { folder, door: join(folder, 'door'), account, keysFile: keysPath(account.home) };
}

/** The hub in the folder. Throws if there is none, or if the caller cannot change its keys. */
export async function openHub(gate: HubGate, folder: string): Promise<Hub> {
  const name = readAccount(gate, folder);
  if (name === undefined) {
    const hint = 'name it with --dir DIR, or make one: banspool hub init DIR';
    throw new BanspoolError('usage', `there is no hub in ${folder}`, { hint });
  }
  const account = await gate.accounts.find(name);
  if (account === undefined) {
    const hint = `run banspool hub init ${folder} to create it again`;
    throw new BanspoolError('usage', `the account ${name} of the hub in ${folder} does not exist`, { hint });
  }
  requireKeeper(gate, account);
  return hubIn(folder, account);
}

/** The name of the account of the hub in this folder; undefined without a hub. */
export function readAccount({ owned }: HubGate, folder: string): string | undefined {
  try {
    return accountInConfig(owned.read(join(folder, 'config')) ?? '');
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error;
    const hint = 'run it as root, or as the account of the hub';
    throw new BanspoolError('usage', `this user cannot read ${folder}`, { hint, cause: error });
  }
}

/** Throws unless the caller owns the home of the account, and so its keys. */
export function requireKeeper(gate: HubGate, account: Account): void {
  const uid = gate.owned.look(account.home)?.uid ?? gate.caller.uid;
  if (uid === gate.caller.uid) return;
  const owner = uid === 0 ? 'root' : account.name;
  throw new BanspoolError('usage', `the keys of ${account.name} belong to ${owner}`, {
    hint: uid === 0 ? 'run it as root' : `run it as that user: runuser -u ${owner} -- banspool hub …`,
  });
}

/** The ownership of a file of the caller. */
export function keeps({ caller }: HubGate, mode: number): Ownership {
  return { ...caller, mode };
}
