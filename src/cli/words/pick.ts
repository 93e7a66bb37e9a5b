/** Chooses which words are offered: those that begin so, in order, and of too many some from one end to the other. */

/** Fills a screen; a shell asks before it shows more. */
const MOST = 100;

/** What all of them begin with is what those that are given begin with: a shell writes that down at once. */
export function pick(words: Iterable<string>, prefix: string): readonly string[] {
  const found = [...new Set(words)].filter((word) => word.startsWith(prefix)).sort();
  if (found.length <= MOST) return found;
  const step = (found.length - 1) / (MOST - 1);
  return Array.from({ length: MOST }, (_, index) => found[Math.round(index * step)] ?? '');
}
