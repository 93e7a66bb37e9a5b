/** As whom this process, and what it starts, is at work. */
import * as fs from 'node:fs';
import { userInfo } from 'node:os';

/** Who a program is to run as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/** Who programs are started as, where this process acts as another (act-anew.ts); undefined where as itself. */
export function realIdentity(): Identity | undefined {
  return process.getuid?.() === 0 && process.geteuid?.() !== 0 ? { uid: 0, gid: 0 } : undefined;
}

/** As whom this process was started. */
export function callerIdentity(): Identity {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/**
 * The owner of a folder, as whom its programs are to run when root asks; undefined for anybody else, and where it is
 * root's.
 */
export function identityFor(folder: string): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? undefined : { uid: stat.uid, gid: stat.gid };
}

/** By number, as found: the accounts of a machine may be kept on another, which takes its time to answer. */
const names = new Map<number, string>();

/** The name of the account that this process acts as, or its number where there is no such account. */
export function callerName(): string {
  const uid = process.geteuid?.() ?? 0;
  const name = names.get(uid) ?? nameOf(uid);
  names.set(uid, name);
  return name;
}

function nameOf(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    return String(uid);
  }
}
