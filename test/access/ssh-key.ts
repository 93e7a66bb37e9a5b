/** Public keys as ssh-keygen writes them, of any bytes: nobody has the private half. */
import type { PublicKey } from '../../src/domain/public-key.ts';

/** A key of that type with these fields after its name (RFC 4253, section 6.6). */
export function keyOf(type: string, ...fields: readonly (string | Uint8Array)[]): PublicKey {
  const parts = [type, ...fields].flatMap((field) => {
    const bytes = Buffer.from(field);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  });
  return { type, base64: Buffer.concat(parts).toString('base64') };
}

/** An ed25519 key, another for each seed. */
export function ed25519(seed = 1): PublicKey {
  return keyOf('ssh-ed25519', Buffer.alloc(32, seed));
}
