/**
 * Plays the history in git once more under another policy: whom it would have banned, and whom let in, beside the one
 * that was in force, or another. Claims are taken as they came; what a policy refuses at the door never came.
 */
import type { Net } from '../domain/net.ts';
import type { ReadGit } from '../ledger/git/commit-log.ts';
import type { Policy } from '../policy/policy.ts';
import { SIDES } from './ban-times.ts';
import { readCommitLine } from './history/commit-line.ts';
import { compareTimes } from './compare.ts';
import { epochsOf } from './epochs.ts';
import { Judging } from './judging.ts';
import { readPastPolicies } from './history/past-policies.ts';
import { readHistory } from './history/read-history.ts';
import type { Replayed } from './replayed.ts';
import { isOfRules, lengthOfRules, RulesReplay } from './rules-replay.ts';
import { Timeline } from './timeline.ts';

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

/** Replays. Throws where there is no history, and where git cannot read it. */
export async function replay(read: ReadGit, options: ReplayOptions): Promise<Replayed> {
  const { policy, against, ownAddresses, now, onProgress } = options;
  const isShallow = (await read(['rev-parse', '--is-shallow-repository'])).trim() === 'true';
  const ahead = Math.max(...[policy, ...(against === undefined ? [] : [against])].map(lengthOfRules));
  const line = await readCommitLine(read, options.since - ahead);
  onProgress(0, line.commits.length);
  const begin = line.base?.time ?? now;
  const since = Math.min(now, Math.max(options.since, begin));
  const past = against === undefined ? await readPastPolicies(read, line) : undefined;
  const epochs = {
    before: epochsOf(past?.policies ?? [{ from: begin, policy: against ?? policy }], now),
    after: epochsOf([{ from: begin, policy }], now),
  };
  const judging = new Judging({ epochs, ownAddresses, window: { since, end: now } });
  const sides = { before: against, after: policy };
  const rules = (['before', 'after'] as const).flatMap((side) => {
    const own = sides[side];
    return own === undefined ? [] : [new RulesReplay(own, judging.taker([side]))];
  });
  const timeline = new Timeline(
    (piece) => {
      // What rules banned is history for the policy that had them; others have their own rules ban.
      const isHistory = isOfRules(piece.live);
      if (!isHistory || against === undefined) judging.take(piece, isHistory ? ['before'] : SIDES);
    },
    (...change) => {
      for (const each of rules) each.change(...change);
    },
  );
  const gaps = await readHistory(read, {
    ...{ line, timeline, end: now },
    onCommit: (time) => {
      for (const each of rules) each.endCommit(time);
    },
    onPage: (commits) => {
      onProgress(commits, line.commits.length);
    },
  });
  for (const each of rules) each.finish(now);
  return {
    ...compareTimes(judging.finish(), epochs),
    ...{ since, until: now, isShallow, commits: line.commits.filter(({ time }) => time > since).length },
    beginsAt: begin > options.since ? begin : undefined,
    gaps: { ...gaps, misdated: line.misdated, policies: past?.passedOver ?? 0 },
  };
}
