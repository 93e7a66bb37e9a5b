/** git's index file, as far as it tells by itself whether it is whole. */
import { createHash } from 'node:crypto';

const SIGNATURE = 'DIRC';

/** Of the hash that ends it; which one is the repository's choice. */
const HASHES = [
  ['sha1', 20],
  ['sha256', 32],
] as const;

/** With index.skipHash, which is a person's choice, zeros stand for the hash, after 8 that fill up at the most. */
const MORE_ZEROS_THAN_GIT_WRITES = 64;

/**
 * True when nothing of it is lost. git itself looks at the hash only in fsck: an index that is cut off it reads on as
 * zeros, and then knows of no file.
 */
export function isWholeIndex(bytes: Uint8Array): boolean {
  if (Buffer.from(bytes.subarray(0, SIGNATURE.length)).toString('latin1') !== SIGNATURE) return false;
  if (isZeros(bytes.subarray(-MORE_ZEROS_THAN_GIT_WRITES))) return false;
  return HASHES.some(([name, length]) => {
    const end = bytes.subarray(-length);
    return isZeros(end) || createHash(name).update(bytes.subarray(0, -length)).digest().equals(end);
  });
}

function isZeros(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
