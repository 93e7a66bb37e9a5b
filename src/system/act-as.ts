/** Root, at work on files of somebody else's: what that account could have put there must lead it nowhere. */
import * as fs from 'node:fs';
import { BanspoolError, messageOf } from './error.ts';

/** Who a program is to run as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * From here on this process opens, makes and removes files as that user, by its effective ids. The programs that it
 * starts are root's all the same (system/run.ts). Root alone can do it.
 */
export function actAs({ uid, gid }: Identity): void {
  try {
    takeGroups(uid, gid);
    process.setegid?.(gid);
    process.seteuid?.(uid);
  } catch (error) {
    throw new BanspoolError('command-failed', `cannot act as the user ${uid}: ${messageOf(error)}`, {
      cause: error,
      hint: 'run it as that user',
    });
  }
}

/** False of a Node that refuses to, whoever asks (see act-anew.ts). */
export function canChangeIds(): boolean {
  try {
    process.seteuid?.(process.geteuid?.() ?? 0);
    return true;
  } catch {
    return false;
  }
}

/** And back again. */
export function actAsRoot(): void {
  process.seteuid?.(0);
  process.setegid?.(0);
  process.setgroups?.([0]);
}

/** One step as root, by whoever acts as another; nothing else may be under way. */
export function asRoot<T>(act: (acting: Identity) => T): T {
  const acting = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  actAsRoot();
  try {
    return act(acting);
  } finally {
    actAs(acting);
  }
}

/** Who programs are started as, where this process acts as another; undefined where as itself. */
export function realIdentity(): Identity | undefined {
  return process.getuid?.() === 0 && process.geteuid?.() !== 0 ? { uid: 0, gid: 0 } : undefined;
}

/** The owner of a folder, as whom its programs are to run when root asks; undefined for anybody else, and where it is root's. */
export function identityFor(folder: string): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? undefined : { uid: stat.uid, gid: stat.gid };
}

/** Node has it, its types do not. */
interface WithGroups {
  readonly initgroups?: (user: number, extraGroup: number) => void;
}

/** Those of the account; a user without an account has its group alone. */
function takeGroups(uid: number, gid: number): void {
  try {
    (process as WithGroups).initgroups?.(uid, gid);
  } catch {
    process.setgroups?.([gid]);
  }
}
