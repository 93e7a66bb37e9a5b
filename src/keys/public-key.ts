/** One ssh public key, as ssh-keygen writes it to a .pub file: `TYPE BASE64 COMMENT`. */
import { createHash } from 'node:crypto';

export interface PublicKey {
  readonly type: string;
  readonly base64: string;
}

export type ParsedPublicKey =
  { readonly kind: 'key'; readonly key: PublicKey } | { readonly kind: 'bad'; readonly reason: string };

/** What sshd of Debian 12 and 13 takes, but for ssh-dss, which it takes no more (sshd(8), AUTHORIZED_KEYS). */
const TYPES: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'ssh-rsa',
  'sk-ssh-ed25519@openssh.com',
  'sk-ecdsa-sha2-nistp256@openssh.com',
];

/** Parses the text of a .pub file; what it refuses, it quotes. */
export function parsePublicKey(text: string): ParsedPublicKey {
  if (text.includes('PRIVATE KEY'))
    return bad('this is a private key, which stays on the server; give the .pub file');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [line = ''] = lines;
  if (lines.length !== 1) return bad(`there are ${lines.length} keys in it; one is needed`);
  const [type = '', base64 = ''] = line.trim().split(/[ \t]+/);
  if (!TYPES.includes(type)) return bad(`"${type.slice(0, 40)}" is not ${TYPES.join(', ')}`);
  if (!/^[A-Za-z0-9+/]{40,}={0,2}$/.test(base64) || typeInside(base64) !== type) {
    return bad(`what follows ${type} is no key of that type; was the line cut?`);
  }
  return { kind: 'key', key: { type, base64 } };
}

/** As `ssh-keygen -l` shows it: `SHA256:` and 43 characters. */
export function fingerprintOf({ base64 }: PublicKey): string {
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** A key's bytes begin with the length and the name of its type (RFC 4253, section 6.6). */
function typeInside(base64: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < 4) return undefined;
  const length = bytes.readUInt32BE(0);
  return length > bytes.length - 4 ? undefined : bytes.subarray(4, 4 + length).toString('latin1');
}

function bad(reason: string): ParsedPublicKey {
  return { kind: 'bad', reason };
}
