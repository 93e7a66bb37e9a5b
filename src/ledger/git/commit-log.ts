/**
 * Reads commits newest first, in git's order, each with its message and with what it changed in the files that are
 * asked for. A history of years is read no further than its reader goes, and messages and differences are asked only
 * for commits of the time that is meant.
 */
import { BanspoolError } from '../../system/error.ts';

/**
 * A commit; its differences are lines of a patch, empty where it changed none of those files. One that changed too much
 * for one answer of git comes in parts, each of whole files, of which the first has the message.
 */
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
  /** Hears of a file whose changes are too much for one answer by themselves; without it that is an error. */
  readonly leaveOut?: (commit: string, path: string) => void;
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

const NO_MESSAGE = '--format=%x00%H%x00%x00';

const NAME_ARGS = [
  'diff-tree',
  '-r',
  '--root',
  '--no-renames',
  '--no-commit-id',
  '--name-only',
  '-z',
] as const;

/** A clock may have been set back for a while: what is older ends the reading where a whole page is. */
export async function* readCommits(read: ReadGit, asked: CommitsAsked): AsyncGenerator<Commit> {
  const { since = -Infinity, until = Infinity, from = 'HEAD', most = LARGEST_PAGE } = asked;
  const selected = await findSelected(read, asked);
  let skipped = 0;
  for (let size = FIRST_PAGE; selected?.size !== 0; size = Math.min(GROWTH * size, most)) {
    const heads = parseHeads(await read([...HEAD_ARGS, `--skip=${skipped}`, `--max-count=${size}`, from]));
    const meant = heads.filter(
      ({ commit, time }) => time >= since && time <= until && selected?.has(commit) !== false,
    );
    yield* readPatches(read, asked, meant);
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
async function* readPatches(
  read: ReadGit,
  asked: CommitsAsked,
  heads: readonly Head[],
): AsyncGenerator<Commit> {
  const [head] = heads;
  if (head === undefined) return;
  const commits = await askPatches(read, asked.diff, heads);
  if (commits !== undefined) yield* commits;
  else if (heads.length === 1) yield* readParts(read, asked, head);
  else {
    const half = heads.length >> 1;
    yield* readPatches(read, asked, heads.slice(0, half));
    yield* readPatches(read, asked, heads.slice(half));
  }
}

/** Undefined where they are too much. */
async function askPatches(
  read: ReadGit,
  diff: readonly string[],
  heads: readonly Head[],
): Promise<readonly Commit[] | undefined> {
  const input = heads.map(({ commit }) => `${commit}\n`).join('');
  const log = await read([...PATCH_ARGS, ...diff], input).catch((error: unknown) => {
    if (error instanceof BanspoolError && error.code === 'too-much-output') return undefined;
    throw error;
  });
  if (log === undefined) return undefined;
  const told = new Map(recordsOf(log).map(parseRecord));
  return heads.map((head) => ({ ...head, ...(told.get(head.commit) ?? { body: [], patch: [] }) }));
}

/** One commit by its files. Those of the policy come first, since its message tells of them too. */
async function* readParts(read: ReadGit, asked: CommitsAsked, head: Head): AsyncGenerator<Commit> {
  const names = (await read([...NAME_ARGS, head.commit, ...asked.diff])).split('\0');
  const paths = names.filter((path) => path !== '').reverse();
  const [message] = (await askPatches(read, ['-s', ...asked.diff], [head])) ?? [];
  let body = message?.body ?? [];
  for await (const patch of readFiles(read, asked, { head, paths })) {
    yield { ...head, body, patch };
    body = [];
  }
}

/** The patch of these files of a commit, in pieces; an empty one stands for what is left out. */
async function* readFiles(
  read: ReadGit,
  asked: CommitsAsked,
  { head, paths }: { readonly head: Head; readonly paths: readonly string[] },
): AsyncGenerator<Commit['patch']> {
  const words = asked.diff.slice(0, asked.diff.indexOf('--') + 1);
  const diff = [NO_MESSAGE, ...words, ...paths.map((path) => `:(literal)${path}`)];
  const [part] = (await askPatches(read, diff, [head])) ?? [];
  const [path = ''] = paths;
  if (part !== undefined) yield part.patch;
  else if (paths.length > 1) {
    const half = paths.length >> 1;
    yield* readFiles(read, asked, { head, paths: paths.slice(0, half) });
    yield* readFiles(read, asked, { head, paths: paths.slice(half) });
  } else if (asked.leaveOut === undefined) {
    throw new BanspoolError(
      'too-much-output',
      `the change of ${path} in commit ${head.commit} is too large to read`,
    );
  } else {
    asked.leaveOut(head.commit, path);
    yield [];
  }
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
