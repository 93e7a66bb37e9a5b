/** Figures as a table, for a terminal and for Markdown. */
import type { Figure } from './figure.ts';

const HEAD = ['what', 'median', 'p99', 'n', 'bare tool', 'ratio', 'to reach', ''] as const;

/** Columns for a terminal. */
export function textTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same in Markdown. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...figures.map(cells)];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cells({ name, unit, median, p99, samples, bare, ratio, goal, reached }: Figure): readonly string[] {
  return [
    name,
    amount(median, unit),
    samples === 1 ? '' : amount(p99, unit),
    String(samples),
    bare === undefined ? '' : `${bare.what}: ${amount(bare.median, unit)}`,
    ratio === undefined ? '' : ratio.toFixed(1),
    goal,
    reached === undefined ? '' : reached ? 'yes' : 'no',
  ];
}

function amount(value: number, unit: Figure['unit']): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return unit === 'count' ? value.toLocaleString('en-US') : `${text} ${unit}`;
}
