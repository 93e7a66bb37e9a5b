/** Reads what many files held in git, a bounded amount at a time. */
import type { ReadGit } from '../../ledger/git/commit-log.ts';

/** Of one answer, since a program's output is bounded. */
const MOST_BYTES = 8_000_000;

/** Files that git is asked for at a time. */
const MOST_FILES = 512;

export interface Named {
  readonly path: string;
  readonly object: string;
  readonly bytes: number;
}

/** The files below these folders in a commit. */
export async function filesIn(
  read: ReadGit,
  commit: string,
  folders: readonly string[],
): Promise<readonly Named[]> {
  const listed = await read(['ls-tree', '-r', '-l', '-z', commit, '--', ...folders]);
  return listed.split('\0').flatMap((line) => {
    const [, type, object, bytes, path] = /^\d+ (\w+) ([0-9a-f]+) +(\d+|-)\t(.*)$/s.exec(line) ?? [];
    if (type !== 'blob' || object === undefined || path === undefined) return [];
    return [{ path, object, bytes: Number(bytes) }];
  });
}

/** The text of each; one that git lacks, or that is too large for an answer, is undefined. */
export async function* readBlobs(
  read: ReadGit,
  files: readonly Named[],
): AsyncGenerator<readonly [Named, string | undefined]> {
  let page: Named[] = [];
  let bytes = 0;
  for (const file of files) {
    if (page.length > 0 && (page.length === MOST_FILES || bytes + file.bytes > MOST_BYTES)) {
      yield* await readPage(read, page);
      [page, bytes] = [[], 0];
    }
    page.push(file);
    bytes += file.bytes;
  }
  if (page.length > 0) yield* await readPage(read, page);
}

async function readPage(
  read: ReadGit,
  files: readonly Named[],
): Promise<readonly (readonly [Named, string | undefined])[]> {
  if (files.some(({ bytes }) => bytes > 3 * MOST_BYTES)) return files.map((file) => [file, undefined]);
  const input = files.map(({ object }) => `${object}\n`).join('');
  const answer = `\n${await read(['cat-file', '--batch'], input)}`;
  // Not by its length: what is no UTF-8 has another one by now.
  const heads = files.map(({ object, bytes }) => `\n${object} blob ${bytes}\n`);
  let at = 0;
  return files.map((file, index) => {
    const [head = '', next = ''] = [heads[index], heads[index + 1]];
    const start = answer.indexOf(head, at);
    if (start === -1) return [file, undefined];
    at = start + head.length;
    const end = next === '' ? -1 : answer.indexOf(next, at - 1);
    return [file, answer.slice(at, end === -1 ? undefined : Math.max(at, end))];
  });
}
