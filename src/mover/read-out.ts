/** Reads the publication of this firewall: the files in `out`, if it is complete. */
import { join } from 'node:path';
import { decodePeerFile, MAX_PUBLISHED_BYTES, PEER_FILE, SIGNATURE_FILE } from '../fleet/peer-file.ts';
import { isSigned } from '../fleet/ssh-signature.ts';
import { sha256 as sha256Of } from '../system/sha256.ts';
import type { World } from '../world/world.ts';

/**
 * The files by path; undefined if a file differs from peer.yaml, or the signature does not match peer.yaml, as while
 * they are written.
 */
export async function readOut(
  { readAtMost }: Pick<World['files'], 'readAtMost'>,
  folder: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const read = (path: string): Promise<string | undefined> =>
    readAtMost(join(folder, 'out', path), MAX_PUBLISHED_BYTES);
  const [head, signature] = [await read(PEER_FILE), await read(SIGNATURE_FILE)];
  const peer = decodePeerFile(head ?? '');
  if (head === undefined || signature === undefined || peer === undefined) return undefined;
  if (!isSigned({ text: head, signature })) return undefined;
  const published = new Map([
    [PEER_FILE, head],
    [SIGNATURE_FILE, signature],
  ]);
  for (const { path, sha256 } of peer.files) {
    const text = await read(path);
    if (text === undefined || sha256Of(text) !== sha256) return undefined;
    published.set(path, text);
  }
  return published;
}
