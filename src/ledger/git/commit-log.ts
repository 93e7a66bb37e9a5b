/**
 * Reads commits newest first, in git's order, each with its message and with what it changed in the files that are
 * asked for. A history of years is read no further than its reader goes, and messages and differences are asked only
 * for commits of the time that is meant.
 */
import { BanspoolError } from '../../system/error.ts';

/** A commit; its differences are lines of a patch, empty where it changed none of those files. */
export interface Commit {
  readonly commit: string;
  /** Milliseconds since 1970; git cuts the fraction of the second. */
  readonly time: number;
  readonly author: string;
  /** Lines of the message below its subject. */
  readonly body: readonly string[];
  readonly patch: readonly string[];
}

/** Runs a git command that only reads. */
export type ReadGit = (args: readonly string[], input?: string) => Promise<string>;

export interface CommitsAsked {
  /** Words of git, of which the last are `--` and paths. */
  readonly diff: readonly string[];
  /** Each finds commits, in words of `git log`; others are passed over. Undefined: all count. */
  readonly select?: readonly (readonly string[])[] | undefined;
  /** Milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** The newest commit that is read, where more may come meanwhile. */
  readonly from?: string;
  /** At a time, at the most: what they changed is in memory at once. */
  readonly most?: number;
}

/** Commits that git is asked for at a time: first, and at the most. */
const FIRST_PAGE = 64;
const LARGEST_PAGE = 16_384;
const GROWTH = 4;

const HEAD_ARGS = ['log', '--no-color', '--format=%x00%H%x01%ct%x01%an'] as const;

/** No rename is looked for: a claim is a line, whatever file it is in. */
const PATCH_ARGS = [
  ...['diff-tree', '--stdin', '--always', '--format=%x00%H%x00%b%x00'],
  ...['-r', '--root', '--no-renames', '-p', '-U0'],
] as const;

/** A clock may have been set back for a while: what is older ends the reading where a whole page is. */
export async function* readCommits(read: ReadGit, asked: CommitsAsked): AsyncGenerator<Commit> {
  const { since = -Infinity, until = Infinity, from = 'HEAD', most = LARGEST_PAGE, diff } = asked;
  const selected = await findSelected(read, asked);
  let skipped = 0;
  for (let size = FIRST_PAGE; selected?.size !== 0; size = Math.min(GROWTH * size, most)) {
    const heads = parseHeads(await read([...HEAD_ARGS, `--skip=${skipped}`, `--max-count=${size}`, from]));
    const meant = heads.filter(
      ({ commit, time }) => time >= since && time <= until && selected?.has(commit) !== false,
    );
    yield* await readPatches(read, diff, meant);
    for (const { commit } of heads) selected?.delete(commit);
    const isOver = heads.every(({ time }) => time < since);
    if (heads.length < size || isOver) return;
    skipped += size;
  }
}

/** git passes over commits by their paths faster than it compares their trees. */
async function findSelected(read: ReadGit, { select }: CommitsAsked): Promise<Set<string> | undefined> {
  if (select === undefined) return undefined;
  const logs: string[] = [];
  for (const words of select) logs.push(await read(['log', '--format=%H', ...words]));
  return new Set(logs.flatMap((log) => log.split('\n').filter((line) => line !== '')));
}

type Head = Pick<Commit, 'commit' | 'time' | 'author'>;

function parseHeads(log: string): readonly Head[] {
  return recordsOf(log).map((record) => {
    const [commit = '', seconds = '0', ...author] = record.trimEnd().split('\x01');
    return { commit, time: Number(seconds) * 1000, author: author.join('\x01') };
  });
}

/** Where they are too much for one answer, since a program's output is bounded, they are asked for in halves. */
async function readPatches(
  read: ReadGit,
  diff: readonly string[],
  heads: readonly Head[],
): Promise<readonly Commit[]> {
  if (heads.length === 0) return [];
  const input = heads.map(({ commit }) => `${commit}\n`).join('');
  const log = await read([...PATCH_ARGS, ...diff], input).catch((error: unknown) => {
    if (heads.length > 1 && error instanceof BanspoolError && error.code === 'command-failed')
      return undefined;
    throw error;
  });
  if (log === undefined) {
    const half = heads.length >> 1;
    const newer = await readPatches(read, diff, heads.slice(0, half));
    return [...newer, ...(await readPatches(read, diff, heads.slice(half)))];
  }
  const told = new Map(recordsOf(log).map(parseRecord));
  return heads.map((head) => ({ ...head, ...(told.get(head.commit) ?? { body: [], patch: [] }) }));
}

function parseRecord(record: string): [string, Pick<Commit, 'body' | 'patch'>] {
  const [commit = '', body = '', ...patch] = record.split('\0');
  const lines = body.split('\n').filter((line) => line !== '');
  return [commit, { body: lines, patch: patch.join('\0').split('\n') }];
}

/** A line of a message or of a patch begins with no NUL. */
function recordsOf(log: string): readonly string[] {
  return log.split(/^\0(?=[0-9a-f]{40})/m).slice(1);
}
