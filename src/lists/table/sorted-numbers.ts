/** Where a number stands among sorted ones, found by bisection. */

/** The place of the first that is not less; behind all others where each is. */
export function placeOf(sorted: Uint32Array, number: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
