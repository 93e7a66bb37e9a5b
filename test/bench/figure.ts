/** One measured thing: many samples, told as median and p99, and as a ratio to the bare tool in the same run. */
import { quantile, ratioOfPairs, type Interval } from './statistics.ts';

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'µs' | 'MB' | 'kB' | 'count';
  readonly median: number;
  readonly p99: number;
  readonly samples: readonly number[];
  /** The bare tool doing the same work, in the same unit, and what it was. */
  readonly bare: { readonly what: string; readonly median: number } | undefined;
  /** Median to the bare median. */
  readonly ratio: number | undefined;
  readonly goal: Goal | undefined;
}

/** What is asked for. */
export interface Goal {
  readonly words: string;
  /** None of these is more; `toBase` is the ratio to the other build. */
  readonly most: Partial<Readonly<Record<'median' | 'p99' | 'ratio' | 'toBase', number>>>;
}

/** What the other build, the base, does of the same. */
export type Base =
  | {
      readonly kind: 'measured';
      readonly median: number;
      /** To the bare tool, as it was measured beside the base. */
      readonly ratio: number | undefined;
      /** How many times the base this build takes. */
      readonly toBase: Interval;
    }
  | { readonly kind: 'missing'; readonly why: string };

/** A figure beside that of the base, where there is one. */
export interface Row extends Figure {
  readonly base: Base | undefined;
  /** Undefined where nothing is asked for, or nobody can tell. */
  readonly reached: boolean | undefined;
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
  return {
    ...{ name, unit, median, p99, samples, goal },
    bare:
      bare === undefined || bareMedian === undefined ? undefined : { what: bare.what, median: bareMedian },
    ratio: bareMedian === undefined ? undefined : median / bareMedian,
  };
}

/** Holds a figure against the base's figure of the same name, or against the reason why there is none. */
export function rowOf(figure: Figure, base?: Figure | string): Row {
  const compared = base === undefined ? undefined : compare(figure, base);
  return { ...figure, base: compared, reached: isReached(figure, compared) };
}

function compare(figure: Figure, base: Figure | string): Base {
  if (typeof base === 'string') return { kind: 'missing', why: base };
  const { median, ratio, samples } = base;
  return { kind: 'measured', median, ratio, toBase: ratioOfPairs(figure.samples, samples) };
}

function isReached(figure: Figure, base: Base | undefined): boolean | undefined {
  if (figure.goal === undefined) return undefined;
  const toBase = base?.kind === 'measured' ? base.toBase.median : undefined;
  const values = { ...figure, toBase };
  const limits = Object.entries(figure.goal.most) as [keyof Goal['most'], number][];
  const verdicts = limits.map(([name, most]) => {
    const value = values[name];
    return value === undefined ? undefined : value <= most;
  });
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}
