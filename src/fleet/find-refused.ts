/**
 * Finds the lines of peers about an address that this firewall refuses. No state has them, so it reads the files of the
 * peers again. In: the reports of a preview; out: those lines, each with the limit that refuses it. Only commands use
 * it, no pass.
 */
import { join } from 'node:path';
import type { Claim } from '../claims/claim.ts';
import type { State } from '../claims/state.ts';
import type { Net } from '../domain/net.ts';
import { Census } from '../policy/census.ts';
import type { Policy } from '../policy/policy.ts';
import type { World } from '../world/world.ts';
import { accept } from './accept.ts';
import { Inbox } from './inbox.ts';
import type { PeerReport } from './listener.ts';
import { countRefused, limitText, type RefusedBy } from './refused.ts';

export interface RefusedLine {
  readonly peer: string;
  /** As the peer published it. */
  readonly line: Claim;
  readonly by: RefusedBy;
  /** `beyond claims: 500`. */
  readonly limit: string;
}

interface Found {
  readonly policy: Policy;
  /** With everything that was taken in. */
  readonly state: State;
  readonly reports: readonly PeerReport[];
  readonly now: number;
}

/** More lines would not be read. */
const MOST_LINES = 20;

/** Finds those about nets for which `touches` is true. */
export async function findRefused(
  { config, files }: Pick<World, 'config' | 'files'>,
  { policy, state, reports, now }: Found,
  touches: (net: Net) => boolean,
): Promise<readonly RefusedLine[]> {
  const { fleet } = config;
  const found: RefusedLine[] = [];
  if (fleet === undefined) return found;
  const census = new Census();
  for (const { peer, refused } of reports) {
    const limits = policy.peers.get(peer);
    if (limits === undefined || countRefused(refused) === 0) continue;
    const inbox = new Inbox(files, join(fleet.folder, 'in', peer));
    const head = await inbox.readPeerFile(peer, limits.key);
    if ('code' in head) continue;
    const { told } = await inbox.readFiles(head, new Map());
    for (const { path, lines } of told)
      for (const line of lines) {
        if (found.length === MOST_LINES || !touches(line.ip)) continue;
        const options = { self: fleet.name, peer, limits, state, census, now, published: head.published };
        const [by] = [...accept([{ path, lines: [line] }], options).refused.values()].flatMap(
          (each) => Object.keys(each) as RefusedBy[],
        );
        if (by !== undefined) found.push({ peer, line, by, limit: limitText(by, limits) });
      }
  }
  return found;
}
