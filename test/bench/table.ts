/** Figures as a table, for a terminal and for Markdown. */
import type { Base, Figure, Row } from './figure.ts';

interface Column {
  readonly head: string;
  readonly cell: (row: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { head: 'what', cell: ({ name }) => name },
  { head: 'median', cell: ({ median, unit }) => amount(median, unit) },
  { head: 'p99', cell: ({ p99, samples, unit }) => (samples.length === 1 ? '' : amount(p99, unit)) },
  { head: 'n', cell: ({ samples }) => String(samples.length) },
  { head: 'base', cell: ({ base, unit }) => baseCell(base, unit) },
  { head: 'to base (95 %)', cell: ({ base }) => toBaseCell(base) },
  {
    head: 'bare tool',
    cell: ({ bare, unit }) => (bare === undefined ? '' : `${bare.what}: ${amount(bare.median, unit)}`),
  },
  { head: 'ratio', cell: ({ ratio }) => times(ratio) },
  {
    head: "base's ratio",
    cell: ({ base }) => (base?.kind === 'measured' ? times(base.ratio) : ''),
  },
  { head: 'to reach', cell: ({ goal }) => goal?.words ?? '' },
  { head: '', cell: ({ reached }) => (reached === undefined ? '' : reached ? 'yes' : 'no') },
];

/** Columns for a terminal. */
export function textTable(rows: readonly Row[]): string {
  const lines = linesOf(rows);
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same in Markdown. */
export function markdownTable(rows: readonly Row[]): string {
  const [head = [], ...lines] = linesOf(rows);
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Without the columns that are about the base, where none was measured. */
function linesOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const isCompared = rows.some(({ base }) => base !== undefined);
  const columns = COLUMNS.filter(({ head }) => isCompared || !head.includes('base'));
  return [
    columns.map(({ head }) => head),
    ...rows.map((row) => columns.map(({ cell }) => cell(row).replaceAll('|', '/'))),
  ];
}

function baseCell(base: Base | undefined, unit: Figure['unit']): string {
  if (base === undefined) return '';
  return base.kind === 'missing' ? base.why : amount(base.median, unit);
}

function toBaseCell(base: Base | undefined): string {
  if (base?.kind !== 'measured') return '';
  const { median, low, high } = base.toBase;
  return `${times(median)} (${times(low)} to ${times(high)})`;
}

/** A ratio of 0.7 is not one of 0.65. */
function times(ratio: number | undefined): string {
  return ratio === undefined || Number.isNaN(ratio) ? '' : ratio.toFixed(ratio < 10 ? 2 : 0);
}

function amount(value: number, unit: Figure['unit']): string {
  const digits = Math.abs(value) < 10 ? 1 : 0;
  const text = value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return unit === 'count' ? value.toLocaleString('en-US') : `${text} ${unit}`;
}
