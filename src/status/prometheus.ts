/** Metrics in the text format of Prometheus (its documentation, Exposition formats). */
import { BOUNDS, type Histogram } from './histogram.ts';

/** One line of a metric. */
export type Sample = readonly [value: number, labels?: Readonly<Record<string, string>>];

/** A value that goes up and down. */
export function gauge(name: string, help: string, samples: readonly Sample[]): string {
  return family(
    { name, help, type: 'gauge' },
    samples.map((sample) => line(name, sample)),
  );
}

/** A count that only goes up, until the process ends. */
export function counter(name: string, help: string, samples: readonly Sample[]): string {
  return family(
    { name, help, type: 'counter' },
    samples.map((sample) => line(name, sample)),
  );
}

/** How a value is spread. */
export function histogram(name: string, help: string, { counts, sum }: Histogram): string {
  let total = 0;
  const buckets = [...BOUNDS, '+Inf'].map((bound, index) => {
    total += counts[index] ?? 0;
    return line(`${name}_bucket`, [total, { le: String(bound) }]);
  });
  const rest = [line(`${name}_sum`, [sum]), line(`${name}_count`, [total])];
  return family({ name, help, type: 'histogram' }, [...buckets, ...rest]);
}

/** Prometheus counts in seconds. */
export function secondsOf(milliseconds: number): number {
  return milliseconds / 1000;
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
}

function family({ name, help, type }: Family, lines: readonly string[]): string {
  return [`# HELP banspool_${name} ${escaped(help)}\n`, `# TYPE banspool_${name} ${type}\n`, ...lines].join(
    '',
  );
}

function line(name: string, [value, labels = {}]: Sample): string {
  const list = Object.entries(labels).map(
    ([key, text]) => `${key}="${escaped(text).replaceAll('"', String.raw`\"`)}"`,
  );
  return `banspool_${name}${list.length === 0 ? '' : `{${list.join(',')}}`} ${value}\n`;
}

/** A value may come from a server: a line that it could begin would be a metric of its choice. */
function escaped(text: string): string {
  return text.replaceAll('\\', String.raw`\\`).replaceAll('\n', String.raw`\n`);
}
