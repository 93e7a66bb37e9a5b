/**
 * Reads the claims of a time out of git in one walk over its commits, oldest first: what stood at its beginning, and
 * then lines that came and went. A page of commits is in memory at once, and the next one is read meanwhile. What
 * cannot be read is left out and counted.
 */
import { claimKey, type Claim } from '../../claims/claim.ts';
import type { ReadGit } from '../../ledger/git/commit-log.ts';
import { FOLDERS } from '../../ledger/git/history.ts';
import { decodePeers } from '../../ledger/store/codec.ts';
import { HEARD_FILE } from '../../ledger/store/parts.ts';
import { BanspoolError } from '../../system/error.ts';
import { filesIn, readBlobs } from './blobs.ts';
import { ClaimLines } from './claim-lines.ts';
import type { CommitAt, CommitLine } from './commit-line.ts';
import { changesIn, type ChangedFile } from './patch.ts';
import type { Timeline } from '../timeline.ts';

/** What the history lacks, or does not say. */
export interface Gaps {
  /** Lines that are no claim, and files that are too large. */
  unreadable: number;
  /** Bans that came more than an hour after they began. */
  late: number;
  /** How long after that, at the most, in milliseconds. */
  latest: number;
}

interface HistoryOptions {
  readonly line: CommitLine;
  readonly timeline: Timeline;
  /** In milliseconds since 1970. */
  readonly end: number;
  /** The timeline was told all of a commit. */
  readonly onCommit: (time: number) => void;
  /** Told how many commits are read; throws to stop. */
  readonly onPage: (commits: number) => void;
}

const PAGE = 512;
const LATE_MS = 3_600_000;

/** Files that are read whole, since their lines do not tell; each starts a git. */
const MOST_WHOLE = 100;

const PATCH_ARGS = [
  ...['diff-tree', '--stdin', '--always', '--format=%x00%H'],
  ...['-r', '--root', '--no-renames', '--no-color', '--text', '-p', '-U0', '--', ...FOLDERS],
] as const;

/** Has the timeline take in all of it. */
export async function readHistory(read: ReadGit, options: HistoryOptions): Promise<Gaps> {
  const { base, commits } = options.line;
  const reader = new HistoryReader(read, options);
  if (base !== undefined) await reader.takeTree(base);
  const ask = async (from: number): Promise<readonly Log[]> =>
    readLogs(read, commits.slice(from, from + PAGE), commits[from - 1] ?? base);
  let next = ask(0);
  for (let from = 0; from < commits.length; from += PAGE) {
    const logs = await next;
    next = ask(from + PAGE);
    // Whoever is stopped meanwhile does not wait for it.
    next.catch(() => undefined);
    for (const log of logs) await reader.takeLog(log);
    options.onPage(Math.min(from + PAGE, commits.length));
  }
  options.timeline.finish(options.end);
  return reader.gaps;
}

interface Log {
  readonly commits: readonly CommitAt[];
  /** Undefined of one that changed too much for one answer. */
  readonly text: string | undefined;
}

/** Each commit against the one ahead of it, a merge too; in halves where they are too much for one answer. */
async function readLogs(
  read: ReadGit,
  commits: readonly CommitAt[],
  before: CommitAt | undefined,
): Promise<readonly Log[]> {
  if (commits.length === 0) return [];
  const pairs = commits.map(({ commit }, index) => [commit, (commits[index - 1] ?? before)?.commit]);
  const input = pairs.map((pair) => `${pair.join(' ').trimEnd()}\n`).join('');
  const text = await read(PATCH_ARGS, input).catch((error: unknown) => {
    if (error instanceof BanspoolError && error.code === 'too-much-output') return undefined;
    throw error;
  });
  if (text !== undefined || commits.length === 1) return [{ commits, text }];
  const half = commits.length >> 1;
  const first = await readLogs(read, commits.slice(0, half), before);
  return [...first, ...(await readLogs(read, commits.slice(half), commits[half - 1]))];
}

class HistoryReader {
  readonly gaps: Gaps = { unreadable: 0, late: 0, latest: 0 };
  readonly #read: ReadGit;
  readonly #timeline: Timeline;
  readonly #onCommit: HistoryOptions['onCommit'];
  readonly #lines = new ClaimLines();
  /** Files of which lines do not say all. */
  readonly #odd = new Set<string>();
  #whole = 0;

  constructor(read: ReadGit, { timeline, onCommit }: HistoryOptions) {
    this.#read = read;
    this.#timeline = timeline;
    this.#onCommit = onCommit;
  }

  /** All that stands in a commit, in place of all that stood. */
  async takeTree({ commit, time }: CommitAt): Promise<void> {
    const keys = new Set<string>();
    const files = await filesIn(this.#read, commit, FOLDERS);
    for await (const [{ path }, text] of readBlobs(this.#read, files)) {
      if (text === undefined) this.gaps.unreadable += 1;
      else if (path === HEARD_FILE) this.#hear(text);
      else for (const claim of this.#takeText(path, text, time)) keys.add(claimKey(claim));
    }
    this.#timeline.keep(keys, () => true, time);
    this.#onCommit(time);
  }

  async takeLog({ commits, text }: Log): Promise<void> {
    const [first] = commits;
    if (text === undefined) {
      if (first !== undefined) await this.takeTree(first);
      return;
    }
    const times = new Map(commits.map(({ commit, time }) => [commit, time]));
    for (const [commit, files] of changesIn(text)) {
      const time = times.get(commit);
      if (time === undefined) continue;
      for (const file of files) await this.#takeFile(file, { commit, time });
      this.#onCommit(time);
    }
  }

  async #takeFile({ path, removed, added }: ChangedFile, at: CommitAt): Promise<void> {
    if (path === HEARD_FILE) {
      this.#hear(added.join('\n'));
      return;
    }
    const { claims, odd } = this.#lines.read(added);
    if ((odd > 0 || this.#odd.has(path)) && (await this.#takeWhole(path, at))) return;
    this.gaps.unreadable += odd;
    const came = new Set(claims.map(claimKey));
    for (const line of removed) {
      const key = this.#lines.keyOf(line);
      if (key !== undefined && !came.has(key)) this.#timeline.remove(key, path, at.time);
    }
    for (const claim of claims) this.#add(claim, path, at.time);
  }

  /** What stands in the file after the commit; false where that is not read. */
  async #takeWhole(path: string, { commit, time }: CommitAt): Promise<boolean> {
    if ((this.#whole += 1) > MOST_WHOLE) return false;
    const text = await this.#read(['show', `${commit}:${path}`]).catch(() => '');
    const claims = this.#takeText(path, text, time);
    this.#timeline.keep(new Set(claims.map(claimKey)), (each) => each === path, time);
    return true;
  }

  #takeText(path: string, text: string, time: number): readonly Claim[] {
    const { claims, odd, isByLine } = this.#lines.readText(text);
    if (isByLine) this.#odd.delete(path);
    else this.#odd.add(path);
    this.gaps.unreadable += odd;
    for (const claim of claims) this.#timeline.add(claim, path, time);
    return claims;
  }

  #add(claim: Claim, path: string, time: number): void {
    const [newest] = claim.bans;
    const isNew = this.#timeline.add(claim, path, time);
    const lag = newest === undefined || !isNew ? 0 : time - newest.since;
    if (lag < LATE_MS) return;
    this.gaps.late += 1;
    this.gaps.latest = Math.max(this.gaps.latest, lag);
  }

  #hear(text: string): void {
    const decoded = text === '' ? undefined : decodePeers(text);
    if (decoded?.kind !== 'decoded') return;
    for (const { name, peer } of decoded.items) this.#timeline.hear(name, peer);
  }
}
