/** Whose a folder is, as against who runs the program. */
import * as fs from 'node:fs';
import type { Run } from '../processes/run.ts';
import type { Identity } from '../user.ts';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
  /** Of the account, or the number of one that there is not. */
  readonly name: string;
  /** Whoever it acts as (act-anew.ts). */
  readonly isCaller: boolean;
}

/** The owner of the folder or file, a link counting as what it leads to; undefined where that cannot be seen. */
export async function ownerOf(path: string, run: Run): Promise<Owner | undefined> {
  const ids = idsOfOwner(path);
  if (ids === undefined) return undefined;
  const { uid, gid } = ids;
  return { uid, gid, name: await nameOf(uid, run), isCaller: process.getuid?.() === uid };
}

/** The same without the name. */
export function idsOfOwner(path: string): Identity | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

async function nameOf(uid: number, run: Run): Promise<string> {
  try {
    const { stdout } = await run('getent', ['passwd', String(uid)]);
    const [name = ''] = stdout.split(':');
    return name === '' ? String(uid) : name;
  } catch {
    return String(uid);
  }
}
