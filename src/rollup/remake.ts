/**
 * Makes days of the roll-up again from git: in the background, at the lowest priority, some commits at a time, the
 * newest day first. Each day is handed over as soon as it is done, so whoever is stopped goes on with the next one.
 */
import { setImmediate } from 'node:timers/promises';
import { readCommits, type ReadGit } from '../ledger/git/commit-log.ts';
import { FOLDERS } from '../ledger/git/history.ts';
import { Day } from './day.ts';
import { DAY_MS, dayOf } from './hour.ts';
import { tallyCommit } from './tally.ts';

/** A day's commits of a busy firewall, or less: their patch is in memory at once. */
const MOST_COMMITS = 256;

/** What a file that arrives meanwhile may have to wait. */
const SLICE_MS = 5;

/** What takes longer goes on an hour later. */
const MOST_MS = 600_000;

interface RemakeOptions {
  readonly read: ReadGit;
  /** The newest commit that counts. */
  readonly from: string;
  /** Beginnings of the days that are wanted. */
  readonly days: readonly number[];
  /** Takes what git tells of a day. */
  readonly done: (day: Day) => Promise<void>;
  /** Hears what of a day is not counted, in words. */
  readonly lack: (what: string) => void;
  readonly isStopped: () => boolean;
}

/** Resolves when all is handed over, or it was stopped. */
export async function remakeDays(options: RemakeOptions): Promise<void> {
  const { read, from, days, done, lack, isStopped } = options;
  const began = performance.now();
  const wanted = [...days].sort((a, b) => b - a);
  const [newest = 0, oldest = 0] = [wanted[0], wanted.at(-1)];
  const diff = ['--', ...FOLDERS];
  const leaveOut = (commit: string, path: string): void => {
    lack(`what commit ${commit.slice(0, 8)} changed in ${path}, which is too much to be read`);
  };
  const range = { since: oldest, until: newest + DAY_MS - 1, from, most: MOST_COMMITS };
  let day = new Day(newest);
  /** Hands over those before the one that a commit is of. */
  const turnTo = async (start: number): Promise<void> => {
    while (wanted[0] !== undefined && wanted[0] > start) {
      await done(day.start === wanted[0] ? day : new Day(wanted[0]));
      wanted.shift();
    }
    if (day.start !== start) day = new Day(start);
  };
  let slice = performance.now();
  for await (const commit of readCommits(read, { diff, leaveOut, ...range })) {
    const start = dayOf(commit.time);
    // A clock was set back: what is handed over stays as it is.
    if (start > day.start) continue;
    if (start < day.start) await turnTo(start);
    if (wanted[0] !== start) continue;
    for (const step of tallyCommit(day, commit)) {
      if (isStopped() || performance.now() - began > MOST_MS) return;
      if (performance.now() - slice > SLICE_MS) {
        await setImmediate(step);
        slice = performance.now();
      }
    }
  }
  if (!isStopped()) await turnTo(-Infinity);
}
