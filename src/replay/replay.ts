/**
 * Plays the history in git once more under another policy: whom it would have banned, and whom let in, beside the one
 * that was in force, or another. Claims are taken as they came; what a policy refuses at the door never came.
 */
import type { Net } from '../domain/net.ts';
import type { ReadGit } from '../ledger/git/commit-log.ts';
import type { Policy } from '../policy/policy.ts';
import { BanTimes } from './ban-times.ts';
import { readCommitLine } from './commit-line.ts';
import { compareTimes } from './compare.ts';
import { epochsOf } from './epochs.ts';
import { readPastPolicies } from './past-policies.ts';
import { readHistory } from './read-history.ts';
import type { Replayed } from './replayed.ts';
import { Timeline, type Piece } from './timeline.ts';
import { Labels, Verdicts } from './verdicts.ts';

export interface ReplayOptions {
  /** The policy that is tried on. */
  readonly policy: Policy;
  /** What it is held against; undefined: what was in force. */
  readonly against: Policy | undefined;
  readonly ownAddresses: readonly Net[];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly now: number;
  /** Told how far it has come; throws to stop. */
  readonly onProgress: (commits: number, of: number) => void;
}

/** Pieces that are judged at once. */
const BATCH = 1_024;

/** Replays. Throws where there is no history, and where git cannot read it. */
export async function replay(read: ReadGit, options: ReplayOptions): Promise<Replayed> {
  const { policy, against, ownAddresses, now, onProgress } = options;
  const isShallow = (await read(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  const line = await readCommitLine(read, options.since);
  onProgress(0, line.commits.length);
  const since = Math.min(now, Math.max(options.since, line.base?.time ?? now));
  const past = against === undefined ? await readPastPolicies(read, line) : undefined;
  const labels = new Labels();
  const epochs = {
    before: epochsOf(past?.policies ?? [{ from: since, policy: against ?? policy }], now),
    after: epochsOf([{ from: since, policy }], now),
  };
  const [before, after] = [epochs.before, epochs.after].map((each) => {
    return new Verdicts({ epochs: each, ownAddresses, labels });
  });
  const times = new BanTimes({ since, end: now });
  let batch: Piece[] = [];
  const judgeAll = (): void => {
    const [old, young] = [before?.of(batch), after?.of(batch)];
    for (const index of batch.keys()) times.add(old?.[index] ?? [], young?.[index] ?? []);
    batch = [];
  };
  const timeline = new Timeline((piece) => {
    if (piece.to <= since || batch.push(piece) < BATCH) return;
    judgeAll();
  });
  const onPage = (commits: number): void => {
    onProgress(commits, line.commits.length);
  };
  const gaps = await readHistory(read, { line, timeline, end: now, onPage });
  judgeAll();
  times.add(before?.denied() ?? [], after?.denied() ?? []);
  return {
    ...compareTimes(times, epochs),
    ...{ since, until: now, isShallow, commits: line.commits.length },
    beginsAt: line.isWhole ? undefined : line.base?.time,
    gaps: { ...gaps, misdated: line.misdated, policies: past?.passedOver ?? 0 },
  };
}
