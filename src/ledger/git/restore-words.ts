/** Paths for one `git checkout` that bring back what is missing, and touch nothing else. */
import { dirname } from 'node:path';

/**
 * Of `missing` those that `known`, the commit, has; a folder in the place of all its files where two or more are all
 * that it has: a checkout of it writes over nothing then.
 */
export function pathsToRestore(missing: readonly string[], known: readonly string[]): readonly string[] {
  const gone = new Set(missing);
  const kept = new Set(known.filter((path) => !gone.has(path)).flatMap(foldersOf));
  const inCommit = known.filter((path) => gone.has(path));
  const counts = new Map<string, number>();
  for (const folder of inCommit.flatMap(foldersOf)) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  const isGone = (folder: string): boolean => !kept.has(folder) && (counts.get(folder) ?? 0) > 1;
  return [...new Set(inCommit.map((path) => foldersOf(path).find(isGone) ?? path))];
}

/** Those that a path is in, the outermost first. */
function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [...foldersOf(folder), folder];
}
