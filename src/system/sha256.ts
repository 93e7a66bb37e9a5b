/** The SHA-256 of a text or bytes, in hex, as peer.yaml and the index on a Valkey server have it. */
import { createHash } from 'node:crypto';

export function sha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}
