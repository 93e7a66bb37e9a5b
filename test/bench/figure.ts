/** One measured thing: many samples, told as median and p99, and as a ratio to the bare tool in the same run. */

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'MB' | 'kB' | 'count';
  readonly median: number;
  readonly p99: number;
  readonly samples: number;
  /** The bare tool doing the same work, in the same unit, and what it was. */
  readonly bare: { readonly what: string; readonly median: number } | undefined;
  /** Median to the bare median. */
  readonly ratio: number | undefined;
  /** What is asked for; none where nothing is. */
  readonly goal: string;
  readonly reached: boolean | undefined;
}

export interface Goal {
  readonly words: string;
  readonly isReached: (figure: Pick<Figure, 'median' | 'p99' | 'ratio'>) => boolean;
}

export interface FigureOptions {
  readonly unit?: Figure['unit'];
  readonly bare?: { readonly what: string; readonly samples: readonly number[] };
  readonly goal?: Goal;
}

/** Makes a figure of samples. */
export function figureOf(name: string, samples: readonly number[], options: FigureOptions = {}): Figure {
  const { unit = 'ms', bare, goal } = options;
  const [median, p99] = [quantile(samples, 0.5), quantile(samples, 0.99)];
  const bareMedian = bare === undefined ? undefined : quantile(bare.samples, 0.5);
  const ratio = bareMedian === undefined ? undefined : median / bareMedian;
  return {
    name,
    unit,
    median,
    p99,
    samples: samples.length,
    bare:
      bare === undefined || bareMedian === undefined ? undefined : { what: bare.what, median: bareMedian },
    ratio,
    goal: goal?.words ?? '',
    reached: goal?.isReached({ median, p99, ratio }),
  };
}

/** The value below which that share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
