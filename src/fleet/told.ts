/**
 * The last published files in `out`. In: the folder, and what was written there. Out: the files by path, and their
 * lines. It reads the lines from the files when they are needed, because they take as much memory as the claims.
 */
import { join } from 'node:path';
import { claimKey } from '../claims/claim.ts';
import { decodeOwnClaims } from '../ledger/store/codec.ts';
import type { Files } from '../system/files/files.ts';
import { sha256 } from '../system/sha256.ts';
import type { PublishedFile } from './peer-file.ts';
import type { Lines } from './publication.ts';

/** A file that is in `out`, or has to be written there. */
export interface Told extends PublishedFile {
  /** The text, if it is not on the disk yet. */
  readonly text?: string;
  /** The stamp of the file on the disk. */
  readonly stamp?: string | undefined;
}

/** The file of this text. */
export function fileOf(path: string, text: string): PublishedFile {
  return { path, bytes: Buffer.byteLength(text), sha256: sha256(text) };
}

/** The entry of the file in peer.yaml of that sequence. */
export function publishedIn({ path, bytes, sha256, since, text }: Told, sequence: number): PublishedFile {
  return { path, bytes, sha256, since: text === undefined ? (since ?? sequence) : sequence };
}

/** False if a file in `out` is missing or was changed. */
export function isAsWritten(
  files: Pick<Files, 'stamp'>,
  out: string,
  told: ReadonlyMap<string, Told>,
): boolean {
  return Array.from(told.values()).every(
    ({ path, text, stamp }) =>
      text !== undefined || (stamp !== undefined && stamp === files.stamp(join(out, path))),
  );
}

/** The files that exist, without `since`: another process may have published other text in between. */
export async function readTold(
  files: Pick<Files, 'read' | 'stamp'>,
  out: string,
  paths: readonly string[],
): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for (const path of new Set(paths)) {
    const stamp = files.stamp(join(out, path));
    const text = (await files.read(join(out, path))) ?? '';
    if (text !== '') told.set(path, { ...fileOf(path, text), stamp });
  }
  return told;
}

/** The lines of a file; undefined if it is not in `out` or cannot be read. */
export async function linesIn(
  files: Pick<Files, 'read'>,
  out: string,
  file: Told | undefined,
): Promise<Lines | undefined> {
  if (file === undefined) return undefined;
  const text = file.text ?? (await files.read(join(out, file.path)));
  const claims = text === undefined || sha256(text) !== file.sha256 ? undefined : decodeOwnClaims(text);
  return claims && new Map(claims.map((claim) => [claimKey(claim), claim]));
}
