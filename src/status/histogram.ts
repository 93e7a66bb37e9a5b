/** Counts of durations by length, as Prometheus wants them: each bucket holds all that are no longer than its bound. */

/** Seconds. A ban is enforced in tens of milliseconds; beyond half a minute something hangs. */
export const BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

export interface Histogram {
  /** One for each bound, and one for what is beyond the last. */
  readonly counts: readonly number[];
  /** Seconds. */
  readonly sum: number;
}

export const EMPTY_HISTOGRAM: Histogram = { counts: [...BOUNDS, Infinity].map(() => 0), sum: 0 };

/** The histogram with these durations, in seconds, as well. */
export function observe(histogram: Histogram, seconds: readonly number[]): Histogram {
  const counts = [...histogram.counts];
  for (const each of seconds) {
    const index = BOUNDS.findIndex((bound) => each <= bound);
    const at = index === -1 ? BOUNDS.length : index;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return { counts, sum: seconds.reduce((sum, each) => sum + each, histogram.sum) };
}
