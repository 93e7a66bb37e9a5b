/**
 * Which of the files that no sender gave for good have to go from a server's folder, so that they cannot fill the
 * disk.
 */

export interface Stray {
  readonly bytes: number;
  /** In milliseconds since 1970. */
  readonly changedAt: number;
}

/** rsync and scp are done with a file in seconds; what stood still for this long was cut. */
const MAX_AGE_MS = 3_600_000;

/** What is kept of one server's: rsync has one at a time. */
const MAX_FILES = 100;
const MAX_BYTES = 64 * 1024 * 1024;

/** Those that stood still for too long, and of the others the oldest that are too many or too large together. */
export function staleStrays<T extends Stray>(strays: readonly T[], now: number): readonly T[] {
  const newestFirst = strays.toSorted((a, b) => b.changedAt - a.changedAt);
  let bytes = 0;
  return newestFirst.filter((stray, index) => {
    bytes += stray.bytes;
    return now - stray.changedAt > MAX_AGE_MS || index >= MAX_FILES || bytes > MAX_BYTES;
  });
}
