/** Reads the last publication of this firewall from `out`. Only commands use it, no pass. */
import { join } from 'node:path';
import type { FleetConfig } from '../config/config.ts';
import { decodeOwnClaims } from '../ledger/store/codec.ts';
import type { World } from '../world/world.ts';
import { decodePeerFile, LIFTS_FILE, PEER_FILE, type PeerFile } from './peer-file.ts';

export interface OwnPublication extends Pick<PeerFile, 'sequence' | 'published'> {
  /** Lines with a ban. */
  readonly claims: number;
  /** Tombstones: lines of bans that ended early. */
  readonly ended: number;
  readonly lifts: number;
}

/** Reads it; undefined if nothing was published yet under this name. */
export async function readOwnPublication(
  { files }: Pick<World, 'files'>,
  { folder, name }: Pick<FleetConfig, 'folder' | 'name'>,
): Promise<OwnPublication | undefined> {
  const out = join(folder, 'out');
  const peer = decodePeerFile((await files.read(join(out, PEER_FILE))) ?? '');
  if (peer?.name !== name) return undefined;
  const { sequence, published } = peer;
  let [claims, ended, lifts] = [0, 0, 0];
  for (const { path } of peer.files) {
    const lines = decodeOwnClaims((await files.read(join(out, path))) ?? '') ?? [];
    const banning = lines.filter(({ bans }) => bans.length > 0).length;
    if (path === LIFTS_FILE) lifts += lines.length;
    else {
      claims += banning;
      ended += lines.length - banning;
    }
  }
  return { sequence, published, claims, ended, lifts };
}
