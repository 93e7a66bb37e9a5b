/** Which folder a path leads to. */
import { lstatSync } from 'node:fs';

/** By device, inode and birth, since ext4 uses an inode again at once. */
export function identityOf(folder: string): string {
  const stat = lstatSync(folder, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? 'none' : `${stat.dev}:${stat.ino}:${stat.birthtimeNs}`;
}
