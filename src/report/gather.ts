/**
 * Gathers a report and renders it, in slices: whoever asks says when it may go on. In: what a pass concluded and the
 * status, of a controller or of a command that looked for itself. Out: the parts of the page.
 */
import { silentAfter } from '../config/notify-section.ts';
import type { Zone } from '../domain/words.ts';
import { feedFolder } from '../feed/feed.ts';
import { lastEvents } from '../feed/follow.ts';
import type { State } from '../claims/state.ts';
import type { Conclusion } from '../desired/conclude.ts';
import type { PeerReport } from '../fleet/listener.ts';
import type { NetDrops } from '../firewall/drops.ts';
import type { Status } from '../status/assess-status.ts';
import { hostName } from '../system/host.ts';
import { packageVersion } from '../system/package-version.ts';
import { inSlices, type Turn } from '../system/processes/turns.ts';
import type { World } from '../world/world.ts';
import { Ahead } from '../rollup/ahead.ts';
import { aheadMatrix } from './ahead-of.ts';
import { Month } from './month.ts';
import { pageParts } from './page.ts';
import type { Report } from './report.ts';
import { reportOf } from './report-of.ts';
import { StandingCensus } from './standing.ts';
import { stubbornOf } from './stubborn-of.ts';

export interface Grounds {
  readonly zone: Zone;
  readonly isRenewed: boolean;
  readonly status: Status;
  readonly conclusion: Conclusion;
  readonly state: State;
  /** Undefined where the firewall was not looked at. */
  readonly drops: Iterable<NetDrops> | undefined;
  /** Chains whose nets nobody counts one by one. */
  readonly uncounted: readonly string[];
  readonly peers: readonly PeerReport[];
}

/** Bans that are shown one by one. */
const MOST_BANS = 2_000;

const MOST_EVENTS = 50;

/** What is counted once for all pages. */
export class Counts {
  readonly census = new StandingCensus();
  readonly month = new Month();
  readonly #ahead = new Ahead();
  #matrix: Report['ahead'] | undefined;
  #countedAt = -Infinity;

  /** Of some minutes: a walk through all shards that changed, and it changes little. */
  async ahead(state: State, now: number, turn: Turn): Promise<Report['ahead']> {
    if (this.#matrix !== undefined && performance.now() - this.#countedAt < AHEAD_EVERY_MS)
      return this.#matrix;
    this.#countedAt = performance.now();
    this.#matrix = aheadMatrix(await inSlices(this.#ahead.of(state, now), turn));
    return this.#matrix;
  }
}

const AHEAD_EVERY_MS = 600_000;

/** The page; `turn` is waited for between slices. */
export async function gatherPage(
  world: Pick<World, 'config' | 'files' | 'now'>,
  grounds: Grounds,
  { counts, turn }: { readonly counts: Counts; readonly turn: Turn },
): Promise<readonly string[]> {
  const { zone, isRenewed, status, conclusion, state, drops, uncounted, peers } = grounds;
  const { config } = world;
  const now = world.now();
  const standing = await inSlices(counts.census.count(conclusion, { state, now, most: MOST_BANS }), turn);
  const stubborn = drops && (await inSlices(stubbornOf(drops, { conclusion, state, now }), turn));
  const ahead = await counts.ahead(state, now, turn);
  const month = await counts.month.read(world, { zone, turn });
  await turn();
  const events = lastEvents(feedFolder(config), MOST_EVENTS);
  await turn();
  const report = reportOf({
    ...{ now, isRenewed, status, standing, stubborn, events, peers, policy: conclusion.basis.policy },
    ...{ firewall: config.fleet?.name ?? hostName(), version: packageVersion() },
    ...{ uncounted, month, ahead, silentAfterMs: silentAfter(config) },
  });
  await turn();
  const parts: string[] = [];
  for (const part of pageParts(report, zone)) {
    parts.push(part);
    await turn();
  }
  return parts;
}
