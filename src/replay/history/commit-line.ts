/**
 * The commits of a time in the order in which they were made, along the branch that is checked out: of a merge what it
 * brought, at the time of the merge. Before them the one that the time begins with.
 */
import type { ReadGit } from '../../ledger/git/commit-log.ts';
import { straighten } from './straighten.ts';

export interface CommitAt {
  readonly commit: string;
  /** Milliseconds since 1970; none is before the one ahead of it. */
  readonly time: number;
}

export interface CommitLine {
  /** What it begins with: the last one up to then, or the first of all, which holds all that is known of before. */
  readonly base: CommitAt | undefined;
  /** After it, the oldest first. */
  readonly commits: readonly CommitAt[];
  /** False where the history goes back no further than to the base. */
  readonly isWhole: boolean;
  /** Commits whose clock was not believed. */
  readonly misdated: number;
}

/** Commits that git is asked for at a time. */
const PAGE = 16_384;

/** Reads those made after `since`, in milliseconds since 1970. A page that is older throughout ends the reading. */
export async function readCommitLine(read: ReadGit, since: number): Promise<CommitLine> {
  const newestFirst: CommitAt[] = [];
  for (let isOver = false; !isOver;) {
    const range = [`--skip=${newestFirst.length}`, `--max-count=${PAGE}`];
    const log = await read(['log', '--first-parent', '--format=%H %ct', ...range, 'HEAD']);
    const page = log.split('\n').flatMap((line) => {
      const [commit = '', seconds] = line.split(' ');
      return seconds === undefined ? [] : [{ commit, time: Number(seconds) * 1000 }];
    });
    for (const each of page) newestFirst.push(each);
    isOver = page.length < PAGE || page.every(({ time }) => time <= since);
  }
  const inOrder = newestFirst.reverse();
  const { times, changed } = straighten(inOrder.map(({ time }) => time));
  const all = inOrder.map(({ commit }, index) => ({ commit, time: times[index] ?? 0 }));
  const later = all.findIndex(({ time }) => time > since);
  const first = later === -1 ? all.length : later;
  // Without one from before, the first of all is where the state that is known begins.
  const at = Math.max(0, first - 1);
  return { base: all[at], commits: all.slice(at + 1), isWhole: first > 0, misdated: changed };
}
