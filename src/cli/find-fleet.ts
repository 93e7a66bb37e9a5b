/** What `banspool peers list` tells: what this firewall published, what each peer is to it, and what is wrong. */
import { readOwnPublication, type OwnPublication } from '../fleet/own-publication.ts';
import type { Preview } from '../pass/preview.ts';
import { readRecord } from '../status/chronicle.ts';
import type { ConditionRecord } from '../status/status-record.ts';
import type { World } from '../world/world.ts';
import { isoTime } from '../yaml/time.ts';
import { listPeers, type ListedPeer } from './text/list-peers.ts';

interface FoundFleet {
  /** Of this firewall; null where it shares no bans. */
  readonly name: string | null;
  /** What it published last; null where that is nothing. */
  readonly published: {
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly sequence: number;
    readonly claims: number;
    readonly ended: number;
    readonly lifts: number;
  } | null;
  readonly peers: readonly ListedPeer[];
  /** Those about the fleet that are false. */
  readonly conditions: readonly ConditionRecord[];
}

/** Finds it, from a look at all that a pass would see. */
export async function findFleet(world: World, found: Preview): Promise<FoundFleet> {
  const { fleet } = world.config;
  if (fleet === undefined) return { name: null, published: null, peers: [], conditions: [] };
  const own = await readOwnPublication(world, fleet);
  return {
    name: fleet.name,
    published: own === undefined ? null : publishedOf(own),
    peers: listPeers(found, world.now()),
    conditions: findConditions(world, found),
  };
}

function publishedOf({ published, sequence, claims, ended, lifts }: OwnPublication): FoundFleet['published'] {
  return { at: isoTime(published), sequence, claims, ended, lifts };
}

/**
 * A look finds all but two things, which the last pass wrote down: how it published, and that a peer's files have been
 * incomplete for longer than a copy takes. The second counts while a file is missing still.
 */
function findConditions(world: World, { peers }: Preview): readonly ConditionRecord[] {
  const isIncomplete = peers.reports.some(({ trouble }) => trouble?.code === 'incomplete');
  const written = (readRecord(world.config)?.conditions ?? []).filter(
    ({ type, status, reason }) =>
      status === 'False' && (type === 'FleetPublished' || (isIncomplete && reason === 'Incomplete')),
  );
  const seen = peers.problems.map(({ condition: type, reason, message }): ConditionRecord => {
    return { type, status: 'False', reason, message };
  });
  return [...written, ...seen];
}
