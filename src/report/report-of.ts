/** Puts what is known of the firewall together into a report: pure, so that a page can be made of any moment. */
import { isHarmless } from '../domain/conditions.ts';
import type { FeedEvent } from '../feed/event.ts';
import { peerOf } from '../domain/names.ts';
import { originOf } from '../domain/origin.ts';
import type { Policy } from '../policy/policy.ts';
import { countRefused } from '../fleet/refused.ts';
import type { PeerReport } from '../fleet/listener.ts';
import type { Status } from '../status/assess-status.ts';
import { historyOf } from './history.ts';
import type { MonthSums } from './month-sums.ts';
import type { Ahead, PolicyLine, Report, ServerLine, Stubborn, Verdict } from './report.ts';
import type { Standing } from './standing.ts';

export interface ReportParts {
  readonly now: number;
  readonly firewall: string;
  readonly version: string;
  readonly isRenewed: boolean;
  readonly status: Status;
  readonly standing: Standing;
  /** Undefined where nobody counts packets. */
  readonly stubborn: readonly Stubborn[] | undefined;
  readonly uncounted: Report['uncounted'];
  readonly policy: Pick<Policy, 'allow' | 'deny'>;
  /** Milliseconds; Infinity: no server is ever silent. */
  readonly silentAfterMs: number;
  readonly month: MonthSums;
  readonly ahead: Ahead;
  /** Oldest first. */
  readonly events: readonly FeedEvent[];
  readonly peers: readonly PeerReport[];
}

/** Beyond it, a page is old: one comes each minute, and a pass may keep it waiting. */
const OLD_AFTER_MS = 180_000;

/** Lines of the policy that end within it are told of. */
const SOON_MS = 7 * 86_400_000;

const DAY_MS = 86_400_000;

/** Puts it together. */
export function reportOf(parts: ReportParts): Report {
  const { now, firewall, version, isRenewed, silentAfterMs } = parts;
  const { status, standing, ahead, events } = parts;
  const { days, daysOf, byServer, byJail, drift, week, latency, ...day } = historyOf(parts.month);
  const policy = policyLines(parts.policy, now);
  const servers = serverLines(status, standing, { now, silentAfterMs, daysOf, days: days.length });
  const edits = events.filter(
    ({ kind, time }) => kind === 'policy' && Date.parse(time) > now - DAY_MS,
  ).length;
  return {
    ...{ firewall, version, writtenAt: now, oldAfterMs: OLD_AFTER_MS, silentAfterMs, isRenewed },
    verdict: verdictOf(status, servers),
    yesterday: { ...day.yesterday, policyEdits: edits },
    tiles: {
      ...{ bans: standing.bans, addresses: standing.addresses, shared: standing.shared },
      ...{ bansOfDay: day.bansOfDay, median: day.median, dropped: day.dropped },
      endsSoon: policy.filter(({ until }) => until - now <= SOON_MS).sort((a, b) => a.until - b.until),
      ...{ refusedOfDay: day.refusedOfDay, refusedKept: keptOf(status) },
    },
    ...{ days, byServer, byJail, drift, week, latency, ahead, servers, policy },
    ...{
      stubborn: parts.stubborn,
      uncounted: parts.uncounted,
      peers: peerLines(parts),
      lists: listLines(status),
      conditions: status.conditions,
    },
    events: [...events].reverse(),
    bans: { total: standing.bans, shown: standing.newest },
    refused: refusedFiles(status),
  };
}

function verdictOf(status: Status, servers: readonly ServerLine[]): Verdict {
  const silent = servers
    .flatMap(({ name, heardAt, isSilent }) =>
      isSilent && heardAt !== undefined ? [{ server: name, heardAt }] : [],
    )
    .sort((a, b) => a.heardAt - b.heardAt);
  const problems = status.conditions.filter((each) => each.status === 'False');
  const alarming = problems.filter(({ type, reason }) => !isHarmless(type, reason));
  const isObserving = status.mode === 'observe';
  const isWell = alarming.length === 0 && silent.length === 0 && !isObserving;
  return {
    isObserving,
    level: !status.converged ? 'broken' : isWell ? 'well' : 'attention',
    bans: status.bans,
    checkedAt: status.lastPass === null ? undefined : Date.parse(status.lastPass.startedAt),
    ...{ problems, silent },
    alarming: alarming.length,
  };
}

function serverLines(
  { servers }: Status,
  { byServer }: Standing,
  {
    now,
    silentAfterMs,
    daysOf,
    days,
  }: Pick<ReportParts, 'now' | 'silentAfterMs'> & {
    readonly daysOf: ReadonlyMap<string, readonly number[]>;
    readonly days: number;
  },
): readonly ServerLine[] {
  const none = Array.from({ length: days }, () => 0);
  return servers.map(({ name, lastHeard, waiting, moreWaiting, kept, refused }) => {
    const heardAt = lastHeard === null ? undefined : Date.parse(lastHeard);
    const isServer = originOf(name).kind === 'server';
    return {
      ...{ name, heardAt, waiting, moreWaiting, refused: kept ?? refused },
      isSilent: isServer && heardAt !== undefined && now - heardAt > silentAfterMs,
      bans: byServer.get(name) ?? 0,
      days: daysOf.get(name) ?? none,
    };
  });
}

function policyLines({ allow, deny }: ReportParts['policy'], now: number): readonly PolicyLine[] {
  const lines = (list: 'allow' | 'deny', nets: Policy['allow']): readonly PolicyLine[] =>
    nets.map(({ net, note, until }) => ({ list, net: net.text, note, until }));
  return [...lines('allow', allow), ...lines('deny', deny)].filter(({ until }) => until > now);
}

function peerLines({ peers, standing }: ReportParts): Report['peers'] {
  const bans = new Map<string | undefined, number>();
  for (const [server, count] of standing.byServer)
    bans.set(peerOf(server), (bans.get(peerOf(server)) ?? 0) + count);
  return peers.map(({ peer, published, refused }) => ({
    ...{ name: peer, publishedAt: published, refused: countRefused(refused), bans: bans.get(peer) ?? 0 },
  }));
}

function listLines({ lists }: Status): Report['lists'] {
  return lists.map(({ name, note, nets, entries, confirmedAt, reason }) => ({
    ...{ name, note: note ?? undefined, nets, entries, trouble: reason ?? undefined },
    confirmedAt: confirmedAt === null ? undefined : Date.parse(confirmedAt),
  }));
}

function keptOf({ servers }: Status): number {
  return servers.reduce((sum, { kept }) => sum + (kept ?? 0), 0);
}

function refusedFiles({ servers }: Status): Report['refused'] {
  return servers
    .flatMap(({ name, kept, lastRefused }) =>
      lastRefused === null
        ? []
        : [
            {
              server: name,
              path: lastRefused.path,
              reason: lastRefused.reason,
              at: Date.parse(lastRefused.at),
              kept: kept ?? 1,
            },
          ],
    )
    .sort((a, b) => b.at - a.at);
}
