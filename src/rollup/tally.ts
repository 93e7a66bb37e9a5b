/** Counts into days what a pass did, or what commits tell: both by the same rules, so that either can be made again. */
import type { ClaimChange } from '../claims/diff.ts';
import { programOf, readDriftText } from '../firewall/drift-words.ts';
import type { Commit } from '../ledger/git/commit-log.ts';
import { claimsIn, repairLinesOf } from '../ledger/git/history.ts';
import type { Pass } from '../pass/pass.ts';
import { EMPTY_HISTOGRAM, observe } from '../status/histogram.ts';
import type { Day } from './day.ts';

type Counted = Pick<
  Pass,
  'enforcedAt' | 'finishedAt' | 'claimChanges' | 'repairs' | 'refused' | 'banArrivals'
>;

/** Counts what git holds of a pass. */
export function tallyTold(day: Day, pass: Pick<Counted, 'finishedAt' | 'claimChanges' | 'repairs'>): void {
  const { finishedAt: time } = pass;
  tallyChanges(day, time, pass.claimChanges);
  for (const { line } of pass.repairs) tallyRepair(day, time, line);
}

/** Counts what git does not hold. */
export function tallySeen(day: Day, pass: Omit<Counted, 'claimChanges' | 'repairs'>): void {
  const { finishedAt: time, enforcedAt, refused, banArrivals } = pass;
  day.watched(time);
  for (const { server } of refused) day.refused(time, server);
  if (banArrivals.length === 0) return;
  const seconds = banArrivals.map((arrived) => Math.max(0, enforcedAt - arrived) / 1000);
  day.enforced(time, observe(EMPTY_HISTOGRAM, seconds).counts);
}

/** Counts a commit; in between it gives the caller the chance to do something else. */
export function* tallyCommit(day: Day, commit: Commit): Generator<undefined> {
  const { time } = commit;
  for (const line of repairLinesOf(commit)) tallyRepair(day, time, line);
  for (const patch of byFile(commit.patch)) {
    tallyChanges(day, time, claimsIn({ time, patch }).changes);
    yield undefined;
  }
}

function tallyChanges(day: Day, time: number, changes: readonly ClaimChange[]): void {
  const pairs = new Map<string, { readonly change: ClaimChange; count: number }>();
  let ended = 0;
  for (const change of changes) {
    if (change.kind === 'ended') ended += 1;
    if (change.kind !== 'banned') continue;
    const key = `${change.server} ${change.jail}`;
    const known = pairs.get(key);
    if (known === undefined) pairs.set(key, { change, count: 1 });
    else known.count += 1;
  }
  for (const { change, count } of pairs.values()) day.banned(time, change, count);
  if (ended > 0) day.ended(time, ended);
}

/** The programs that are told of in a line. */
function tallyRepair(day: Day, time: number, line: string): void {
  const programs = new Set(readDriftText(line)?.culprits.map(programOf));
  for (const program of programs.size === 0 ? [''] : programs) day.drifted(time, program);
}

/** The lines of each file by themselves: all that is said of an address is in one. */
function* byFile(patch: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  for (let index = 1; index <= patch.length; index += 1) {
    if (index < patch.length && patch[index]?.startsWith('diff --git ') !== true) continue;
    yield patch.slice(from, index);
    from = index;
  }
}
