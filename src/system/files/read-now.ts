/** Reads plain files and folders at once, for who wants many small ones soon and misses none that cannot be read. */
import * as fs from 'node:fs';

const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = fs.constants;

/** Undefined for what is not there, may not be read, is no plain file or a link, or has more than `most` bytes. */
export function readPlainNow(path: string, most: number): string | undefined {
  try {
    const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    try {
      const stat = fs.fstatSync(fd);
      return stat.isFile() && stat.size <= most ? fs.readFileSync(fd, 'utf8') : undefined;
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** The names in a folder; none where it is not there or may not be read. */
export function namesNow(path: string): readonly string[] {
  try {
    return fs.readdirSync(path);
  } catch {
    return [];
  }
}
