/** One ssh public key, as ssh-keygen writes it to a .pub file: `TYPE BASE64 COMMENT`. */
import { createHash } from 'node:crypto';

export interface PublicKey {
  readonly type: string;
  readonly base64: string;
}

type ParsedPublicKey =
  { readonly kind: 'key'; readonly key: PublicKey } | { readonly kind: 'bad'; readonly reason: string };

/**
 * What sshd of Debian 12 and 13 takes, but for ssh-dss, which it takes no more (sshd(8), AUTHORIZED_KEYS), and of how
 * many fields each is made, its name included (RFC 4253, 5656, 8709; PROTOCOL.u2f of OpenSSH).
 */
const FIELDS: ReadonlyMap<string, number> = new Map([
  ['ssh-ed25519', 2],
  ['ecdsa-sha2-nistp256', 3],
  ['ecdsa-sha2-nistp384', 3],
  ['ecdsa-sha2-nistp521', 3],
  ['ssh-rsa', 3],
  ['sk-ssh-ed25519@openssh.com', 3],
  ['sk-ecdsa-sha2-nistp256@openssh.com', 4],
]);

/** Parses the text of a .pub file; what it refuses, it quotes. */
export function parsePublicKey(text: string): ParsedPublicKey {
  if (text.includes('PRIVATE KEY'))
    return bad('this is a private key, which must stay on the server; use the .pub file');
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [line = ''] = lines;
  if (lines.length !== 1) return bad(`expected one key, found ${lines.length}`);
  const [type = '', base64 = ''] = line.trim().split(/[ \t]+/);
  const count = FIELDS.get(type);
  if (count === undefined)
    return bad(`unknown key type "${type.slice(0, 40)}"; the types are ${[...FIELDS.keys()].join(', ')}`);
  const fields = fieldsOf(base64);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || fields[0] !== type || fields.length !== count) {
    return bad(`the text after ${type} is not a key of that type; check that the line is complete`);
  }
  return { kind: 'key', key: { type, base64 } };
}

/** As `ssh-keygen -l` shows it: `SHA256:` and 43 characters. */
export function fingerprintOf({ base64 }: PublicKey): string {
  const digest = createHash('sha256').update(Buffer.from(base64, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/**
 * A key's bytes are fields with their lengths ahead, the first of which names its type (RFC 4253, section 6.6). None
 * when the last is not whole.
 */
function fieldsOf(base64: string): readonly string[] {
  const bytes = Buffer.from(base64, 'base64');
  const fields: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.length - at < 4 ? Infinity : at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return [];
    fields.push(bytes.toString('latin1', at + 4, end));
    at = end;
  }
  return fields;
}

function bad(reason: string): ParsedPublicKey {
  return { kind: 'bad', reason };
}
