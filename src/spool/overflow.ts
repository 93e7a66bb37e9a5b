/** What in a server's folder is beyond the room that it has there, so that no key can fill the disk. */

interface Waiting {
  readonly bytes: number;
  /** In milliseconds since 1970. */
  readonly changedAt: number;
}

/**
 * As banspool-receive has it for keys: enough for a day without the controller. An scp account has nothing that stops
 * it.
 */
export const MAX_FILES = 50_000;
export const MAX_BYTES = 256 * 1024 * 1024;

/** The newest that are too many, or too large together: what came first is taken in first. */
export function overflow<T extends Waiting>(waiting: readonly T[]): readonly T[] {
  let bytes = 0;
  return waiting
    .toSorted((a, b) => a.changedAt - b.changedAt)
    .filter((each, index) => {
      const isBeyond = index >= MAX_FILES || bytes + each.bytes > MAX_BYTES;
      if (!isBeyond) bytes += each.bytes;
      return isBeyond;
    });
}
