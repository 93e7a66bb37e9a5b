/**
 * Commands for root's shell that let the controller into a folder again. What stands in a server's folder is the
 * server's: no chmod of root's goes there, which would follow a link, and none but the owner of the state sets modes
 * below the spool.
 */
import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import { access, type Access } from '../system/files/access.ts';

/** For a folder that the owner of the state has to write to. */
export function mendOfFolder(path: string, owner: string, found: Access = access(path, 'write')): string {
  if (found === 'read-only') return `mount -o remount,rw "$(findmnt -no TARGET -T ${path})"`;
  const chmod = `chmod u+rwx ${path}`;
  // Without -h a link in the folder's place would have root give away what it leads to.
  return owner === 'root' ? chmod : `chown -h ${owner} ${path} && runuser -u ${owner} -- ${chmod}`;
}

/** For a spool that is missing, or closed, or stands in a folder that is. */
export function mendOfSpool({ spool }: Pick<Config, 'spool'>): string {
  if (access(spool, 'read') === 'missing')
    return `install -d -m 755 ${spool}; then run banspool server add NAME again for each server`;
  const closed = foldersAbove(spool).filter((folder) => access(folder, 'enter') === 'forbidden');
  return [...closed.slice(0, 1).map((folder) => `chmod o+x ${folder}`), `chmod 755 ${spool}`].join(' && ');
}

/** For what the controller may not take out of the folder of a server; undefined where it may do all. */
export function mendOfTaking(
  { spool, rejected }: Pick<Config, 'spool' | 'rejected'>,
  server: string,
  owner: string,
): string | undefined {
  const folders = [`${spool}/${server}`, rejected, `${rejected}/${server}`];
  for (const folder of folders) {
    const found = access(folder, 'write');
    if (found === 'forbidden' || found === 'read-only') return mendOfFolder(folder, owner, found);
  }
  return undefined;
}

/** For files that a server closed: find follows no link, and what the server cannot have read is told again by it. */
export function mendOfClosedFiles({ spool }: Pick<Config, 'spool'>, owner: string): string {
  const find = `find ${spool} -mindepth 2 -maxdepth 2 -type f -name '*.yaml' ! -readable -delete`;
  return owner === 'root' ? find : `runuser -u ${owner} -- ${find}`;
}

/** For a folder in the spool that is no server's: it goes beside the spool, where somebody can look at it. */
export function mendOfStranger({ spool }: Pick<Config, 'spool'>, name: string): string {
  return `mv -t ${dirname(spool)} '${`${spool}/${name}`.replaceAll("'", "'\\''")}'`;
}

/** What is wrong, with its mend where there is one. */
export function withMend(what: string, mend: string | undefined): string {
  return mend === undefined ? what : `${what}; fix: ${mend}`;
}

function foldersAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [] : [...foldersAbove(above), above];
}
