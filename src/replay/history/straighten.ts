/**
 * Makes times that never go back of times by clocks that were set: a clock that was a year ahead for a minute, or at
 * 1970 after a boot, is not believed, and what it said has the time of what came before. Pure.
 */

interface Straightened {
  /** As many as went in, none before the one ahead of it. */
  readonly times: readonly number[];
  /** How many are not as they were. */
  readonly changed: number;
}

/** The longest series of times that go forward is believed; the others are replaced. */
export function straighten(times: readonly number[]): Straightened {
  const believed = longestForward(times);
  const straight: number[] = [];
  let changed = 0;
  let last = times[believed[0] ?? 0] ?? 0;
  let next = 0;
  for (const [index, time] of times.entries()) {
    if (index === believed[next]) {
      last = time;
      next += 1;
    } else if (time !== last) changed += 1;
    straight.push(last);
  }
  return { times: straight, changed };
}

/** Indices of one of the longest series of times that never goes back. */
function longestForward(times: readonly number[]): readonly number[] {
  /** Of each length, the index of the least time that a series so long ends with. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, time] of times.entries()) {
    const length = firstAbove(ends, time, times);
    before.push(ends[length - 1] ?? -1);
    ends[length] = index;
  }
  const found: number[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) found.push(index);
  return found.reverse();
}

function firstAbove(ends: readonly number[], time: number, times: readonly number[]): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[ends[middle] ?? 0] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
