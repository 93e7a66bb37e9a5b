/**
 * Checks signatures that `ssh-keygen -Y sign` makes with Ed25519 keys (PROTOCOL.sshsig of OpenSSH). Node does the
 * cryptography; this module only reads the envelope. ssh-keygen would need a process and two files for each publication
 * of each peer.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import type { PublicKey } from '../domain/public-key.ts';

/** A signature of the same key for another purpose has another namespace, and does not count. */
export const NAMESPACE = 'banspool-fleet';

interface Signed {
  readonly text: string;
  /** With its armour. */
  readonly signature: string;
  readonly key: PublicKey;
}

const MAGIC = Buffer.from('SSHSIG');
const VERSION = 1;
const ARMOUR = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n*$/;
const HASHES = ['sha256', 'sha512'];

const KEY_BYTES = 32;

/** True if this key signed this text for a fleet. */
export function isSignedBy({ text, signature, key }: Signed): boolean {
  const envelope = readEnvelope(signature);
  if (envelope?.publicKey.equals(Buffer.from(key.base64, 'base64')) !== true) return false;
  return isOf(text, envelope);
}

/** True if any key signed this text for a fleet. It does not prove who signed. */
export function isSigned({ text, signature }: Omit<Signed, 'key'>): boolean {
  const envelope = readEnvelope(signature);
  return envelope !== undefined && isOf(text, envelope);
}

function isOf(text: string, { publicKey, namespace, hash, raw }: Envelope): boolean {
  if (namespace !== NAMESPACE || !HASHES.includes(hash)) return false;
  const signer = ed25519Key(publicKey);
  const bytes = fieldsOf(raw);
  if (signer === undefined || bytes?.length !== 2 || bytes[0]?.toString() !== 'ssh-ed25519') return false;
  const digest = createHash(hash).update(text).digest();
  const message = [NAMESPACE, '', hash, digest].map((field) => withLength(Buffer.from(field)));
  return verify(null, Buffer.concat([MAGIC, ...message]), signer, bytes[1] ?? Buffer.alloc(0));
}

interface Envelope {
  readonly publicKey: Buffer;
  readonly namespace: string;
  readonly hash: string;
  readonly raw: Buffer;
}

function readEnvelope(signature: string): Envelope | undefined {
  const blob = Buffer.from(ARMOUR.exec(signature)?.[1] ?? '', 'base64');
  const head = MAGIC.length + 4;
  if (!blob.subarray(0, MAGIC.length).equals(MAGIC) || blob.length < head) return undefined;
  if (blob.readUInt32BE(MAGIC.length) !== VERSION) return undefined;
  const [publicKey, namespace, , hash, raw] = fieldsOf(blob.subarray(head)) ?? [];
  if (publicKey === undefined || namespace === undefined || hash === undefined || raw === undefined)
    return undefined;
  return { publicKey, namespace: namespace.toString(), hash: hash.toString(), raw };
}

function ed25519Key(blob: Buffer): ReturnType<typeof createPublicKey> | undefined {
  const [type, bytes] = fieldsOf(blob) ?? [];
  if (type?.toString() !== 'ssh-ed25519' || bytes?.length !== KEY_BYTES) return undefined;
  // As a JSON Web Key (RFC 8037): OpenSSL needs ten times as long to read one from ASN.1.
  return createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') },
    format: 'jwk',
  });
}

/** Reads fields that begin with their length (RFC 4251, section 5); undefined if the last one is incomplete. */
function fieldsOf(bytes: Buffer): readonly Buffer[] | undefined {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.length - at < 4 ? Infinity : at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function withLength(field: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(field.length);
  return Buffer.concat([length, field]);
}
