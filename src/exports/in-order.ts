/**
 * Merges what is in order into one, in slices: whoever asks lets others have a turn wherever this yields. To sort a
 * hundred thousand at once would keep a ban waiting for a tenth of a second.
 */

type Compare<T> = (a: T, b: T) => number;

/** Items that are sorted, or joined, without anybody else having a turn. */
const AT_ONCE = 500;

/** All items in order. */
export function* inOrder<T>(items: readonly T[], compare: Compare<T>): Generator<undefined, readonly T[]> {
  const runs: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    runs.push(items.slice(at, at + AT_ONCE).sort(compare));
    yield;
  }
  return yield* mergeRuns(runs, compare);
}

/** Runs of which each follows the one before, as regions of IPv4 do, cost next to nothing. */
export function* mergeRuns<T>(
  runs: readonly (readonly T[])[],
  compare: Compare<T>,
): Generator<undefined, readonly T[]> {
  let left = runs;
  while (left.length > 1) {
    const joined: (readonly T[])[] = [];
    for (let at = 0; at < left.length; at += 2) {
      joined.push(yield* joinRuns(left[at] ?? [], left[at + 1] ?? [], compare));
      yield;
    }
    left = joined;
  }
  return left[0] ?? [];
}

function* joinRuns<T>(
  one: readonly T[],
  other: readonly T[],
  compare: Compare<T>,
): Generator<undefined, readonly T[]> {
  const [end, begin] = [one.at(-1), other[0]];
  if (end === undefined) return other;
  if (begin === undefined) return one;
  if (compare(end, begin) <= 0) return one.concat(other);
  const all: T[] = [];
  let [left, right] = [0, 0];
  while (left < one.length || right < other.length) {
    const [a, b] = [one[left], other[right]];
    if (b === undefined || (a !== undefined && compare(a, b) <= 0)) {
      if (a !== undefined) all.push(a);
      left += 1;
    } else {
      all.push(b);
      right += 1;
    }
    if (all.length % AT_ONCE === 0) yield;
  }
  return all;
}
