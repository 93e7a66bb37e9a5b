/** Keys and where they are accepted from, as a person names them on the command line. */
import { parseFromList } from './from-list.ts';
import { parsePublicKey, type PublicKey } from '../domain/public-key.ts';
import { BanspoolError, messageOf } from '../system/error.ts';
import { readGiven, standardInput } from '../system/host.ts';

/** The key in a .pub file, `-` for standard input. Throws with the hint of how to make one. */
export async function readKey(path: string, hint: string): Promise<PublicKey> {
  const text = path === '-' ? standardInput() : await readFile(path);
  if (text === undefined) throw new BanspoolError('usage', `--key: there is no file ${path}`);
  const parsed = parsePublicKey(text);
  if (parsed.kind === 'key') return parsed.key;
  throw new BanspoolError('usage', `--key: ${path}: ${parsed.reason}`, { hint });
}

async function readFile(path: string): Promise<string | undefined> {
  return readGiven(path).catch((error: unknown) => {
    throw new BanspoolError('usage', `--key: cannot read ${path}: ${messageOf(error)}`, { cause: error });
  });
}

/** As sshd takes it; host bits are cleared, as of every network that a person names. */
export function fromOf(text: string): string {
  const parsed = parseFromList(text);
  if (parsed.kind === 'list') return parsed.text;
  throw new BanspoolError('usage', `--from: ${parsed.reason}`, {
    hint: 'use addresses such as 203.0.113.11 or 203.0.113.0/24,2001:db8::/64',
  });
}
