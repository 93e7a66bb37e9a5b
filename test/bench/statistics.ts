/** Medians, quantiles, and how sure the median of a ratio is. Pure: the same samples give the same numbers. */

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The value below which that share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The middle one, or between the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const [below = Number.NaN, above = Number.NaN] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (below + above) / 2;
}

/**
 * The ratio of one build to another, pair by pair: what slows the machine down for a while slows both of a pair. One
 * that has more samples has them left out at its end.
 */
export function ratioOfPairs(dividends: readonly number[], divisors: readonly number[]): Interval {
  const pairs = Math.min(dividends.length, divisors.length);
  const ratios = Array.from(
    { length: pairs },
    (_, pair) => (dividends[pair] ?? Number.NaN) / (divisors[pair] ?? Number.NaN),
  );
  return { median: median(ratios), ...bootstrapped(ratios) };
}

const RESAMPLES = 1_000;

/** Between these lies the median in 95 of 100 series of as many samples: it is taken of samples of the samples. */
function bootstrapped(samples: readonly number[]): Omit<Interval, 'median'> {
  const random = randomNumbers();
  const medians = Array.from({ length: RESAMPLES }, () =>
    median(samples.map(() => samples[Math.floor(random() * samples.length)] ?? Number.NaN)),
  );
  return { low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}

/** From 0 to 1, the same each time: the generator of Park and Miller. */
function randomNumbers(): () => number {
  let state = 16_807;
  return () => {
    state = (state * 48_271) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}
