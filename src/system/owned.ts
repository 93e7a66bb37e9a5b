/** Folders and files whose owner and mode matter: sshd trusts no others. */
import * as fs from 'node:fs';

export interface Ownership {
  readonly uid: number;
  readonly gid: number;
  /** The permission bits, with setgid where it is wanted. */
  readonly mode: number;
}

export interface Owned {
  /** Undefined when there is nothing; a link counts as what it leads to. */
  readonly look: (path: string) => Ownership | undefined;
  /** Makes the folder where it is missing, and its owner and mode as given. */
  readonly makeFolder: (path: string, ownership: Ownership) => void;
  /** Of a folder or file that is there. */
  readonly give: (path: string, ownership: Ownership) => void;
  /** Removes a folder if nothing is in it; false when something is. */
  readonly removeEmptyFolder: (path: string) => boolean;
}

export const owned: Owned = {
  look: (path) => {
    const stat = fs.statSync(path, { throwIfNoEntry: false });
    return stat === undefined ? undefined : { uid: stat.uid, gid: stat.gid, mode: stat.mode & PERMISSIONS };
  },
  makeFolder: (path, ownership) => {
    fs.mkdirSync(path, { recursive: true });
    give(path, ownership);
  },
  give,
  removeEmptyFolder: (path) => {
    if (!fs.existsSync(path)) return true;
    if (fs.readdirSync(path).length > 0) return false;
    fs.rmdirSync(path);
    return true;
  },
};

const PERMISSIONS = 0o7777;

/** The mode last: chown takes setgid away. */
function give(path: string, { uid, gid, mode }: Ownership): void {
  fs.chownSync(path, uid, gid);
  fs.chmodSync(path, mode);
}
