/** The newest of all that git tells: of claims, of repairs of the firewall, and of the policy. */
import type { Net } from '../domain/net.ts';
import {
  parsePolicyHistory,
  POLICY_FILE_ARGS,
  POLICY_PATHS,
  type PolicyEvent,
} from '../policy/policy-history.ts';
import type { ClaimChange } from '../claims/diff.ts';
import type { StateRepository } from '../ledger/git/git.ts';
import {
  argsAbout,
  FOLDERS,
  HISTORY_ARGS,
  isAbout,
  parseHistory,
  parseRepairs,
  POLICY_ARGS,
  policyLinesOn,
  REPAIRS_ARGS,
  type Lift,
} from '../ledger/git/history.ts';

interface Commit {
  readonly commit: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** One thing that happened; a commit may tell of many. */
export type Entry = Commit &
  (
    | { readonly kind: 'claim'; readonly author: string; readonly change: ClaimChange }
    | { readonly kind: 'lift'; readonly author: string; readonly lift: Lift }
    | { readonly kind: 'repair' | 'policy'; readonly line: string }
    | { readonly kind: 'policyEdit'; readonly event: PolicyEvent }
  );

interface FindOptions {
  /** What it is about: itself, what is inside it, and what is around it. Undefined: all. */
  readonly ip: Net | undefined;
  /** Entries, of all kinds together. */
  readonly limit: number;
}

interface FoundHistory {
  /** Newest first. */
  readonly entries: readonly Entry[];
  /** There are older ones. */
  readonly isCut: boolean;
}

/** Finds them. */
export async function findHistory(
  repository: StateRepository,
  { ip, limit }: FindOptions,
): Promise<FoundHistory> {
  // One more of each kind than is told shows that something is left out.
  const wanted = limit + 1;
  const read = async (args: readonly string[], paths: readonly string[], parse: Parse): Promise<Entry[]> =>
    readPages({ read: async (page) => repository.read([...args, ...page, ...paths]), parse, wanted });
  const lines =
    (kind: 'repair' | 'policy', ofCommit: (lines: readonly string[]) => readonly string[]): Parse =>
    (log) =>
      parseRepairs(log).flatMap(({ lines: all, ...commit }) =>
        ofCommit(all).map((line): Entry => ({ ...commit, kind, line })),
      );
  const found = [
    ...(await read(HISTORY_ARGS, ip === undefined ? ['--', ...FOLDERS] : argsAbout(ip), claimsOf(ip))),
    // Of one address there is nothing to say in these.
    ...(ip === undefined ? await read(POLICY_FILE_ARGS, POLICY_PATHS, policyEdits) : []),
    ...(ip === undefined
      ? await read(
          REPAIRS_ARGS,
          [],
          lines('repair', (all) => all),
        )
      : []),
    ...(await read(
      POLICY_ARGS,
      [],
      lines('policy', (all) => policyLinesOn(all, ip)),
    )),
  ];
  const sorted = await newestFirst(found, repository);
  return { entries: sorted.slice(0, limit), isCut: sorted.length > limit };
}

type Parse = (log: string) => readonly Entry[];

function claimsOf(ip: Net | undefined): Parse {
  return (log) =>
    parseHistory(log).flatMap(({ changes, lifts, ...commit }) => [
      ...changes
        .filter((change) => ip === undefined || isAbout(change.ip, ip))
        .map((change): Entry => ({ ...commit, kind: 'claim', change })),
      ...lifts
        .filter((lift) => ip === undefined || isAbout(lift.ip, ip))
        .map((lift): Entry => ({ ...commit, kind: 'lift', lift })),
    ]);
}

const policyEdits: Parse = (log) =>
  parsePolicyHistory(log).map((event) => {
    const { commit, time } = event;
    return { commit, time, kind: 'policyEdit', event };
  });

/** Commits that git prints at a time: first and at the most, since a program's output is bounded. */
const FIRST_PAGE = 256;
const LARGEST_PAGE = 16_384;

interface Pages {
  readonly read: (page: readonly string[]) => Promise<string>;
  readonly parse: Parse;
  readonly wanted: number;
}

/** A commit may tell of nothing or of a thousand, so commits are read until there are enough entries. */
async function readPages({ read, parse, wanted }: Pages): Promise<Entry[]> {
  const entries: Entry[] = [];
  let skipped = 0;
  for (let size = FIRST_PAGE; ; size = Math.min(2 * size, LARGEST_PAGE)) {
    const log = await read([`--skip=${skipped}`, `--max-count=${size}`]);
    entries.push(...parse(log));
    if (entries.length >= wanted || log.split('\0').length - 1 < size) return entries.slice(0, wanted);
    skipped += size;
  }
}

/** Commits whose order is asked for. */
const MAX_ORDERED = 20_000;

/** In git's order: several commits of different kinds bear one second, and a clock may be set back. */
async function newestFirst(
  entries: readonly Entry[],
  repository: StateRepository,
): Promise<readonly Entry[]> {
  if (entries.length === 0) return [];
  const oldest = entries.reduce((least, { time }) => Math.min(least, time), Infinity) / 1000;
  const commits = await repository.read([
    ...['rev-list', `--max-count=${MAX_ORDERED}`, `--max-age=${oldest}`, 'HEAD'],
  ]);
  const places = new Map(commits.split('\n').map((commit, place) => [commit, place]));
  const placeOf = ({ commit }: Commit): number => places.get(commit) ?? MAX_ORDERED;
  return [...entries].sort((a, b) => placeOf(a) - placeOf(b) || b.time - a.time);
}
