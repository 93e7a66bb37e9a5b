/** Rows in columns: widths as the rows need them, within what each column may take, and never wider than asked. */
import { cellsOf, fit, toCells, type Charset } from '../cells.ts';
import { span, type Line, type Span } from '../line.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly min: number;
  readonly max: number;
  /** Left out where the table is narrower. */
  readonly from?: number;
  /** Takes what is left. */
  readonly grows?: true;
}

export interface Rows {
  readonly columns: readonly Column[];
  /** A span for each column. */
  readonly rows: readonly (readonly Span[])[];
}

/** Between two columns. */
const GAP = 2;

/** The head and the rows. */
export function tableLines(table: Rows, width: number, charset: Charset): readonly Line[] {
  const shown = table.columns.flatMap((column, index) =>
    width >= (column.from ?? 0) ? [{ column, index }] : [],
  );
  const rows = table.rows.map((row) =>
    shown.map(({ index }) => {
      const { text, style } = row[index] ?? span('');
      return { text: toCells(text, charset), style };
    }),
  );
  const columns = shown.map(({ column }) => column);
  const widths = columnWidths({ columns, rows }, width);
  const head = columns.map(({ title }) => span(title, 'dim'));
  return [head, ...rows].map((row) => lineOf(row, columns, { widths, charset }));
}

function lineOf(
  row: readonly Span[],
  columns: readonly Column[],
  { widths, charset }: { widths: readonly number[]; charset: Charset },
): Line {
  return row.flatMap(({ text, style }, index) => {
    const align = columns[index]?.align ?? 'left';
    const cell = { text: fit(text, widths[index] ?? 0, { align, charset }), style };
    return index === 0 ? [cell] : [span(' '.repeat(GAP)), cell];
  });
}

function columnWidths({ columns, rows }: Rows, width: number): readonly number[] {
  const wanted = columns.map(({ title, min, max }, index) =>
    rows.reduce(
      (widest, row) => Math.max(widest, Math.min(max, cellsOf(row[index]?.text ?? ''))),
      Math.max(title.length, min),
    ),
  );
  let left = width - GAP * (columns.length - 1) - wanted.reduce((sum, one) => sum + one, 0);
  // Who has most above what he needs gives first.
  while (left < 0) {
    const spare = wanted.map((one, index) => one - (columns[index]?.min ?? 0));
    const most = Math.max(...spare);
    if (most <= 0) break;
    const giver = spare.lastIndexOf(most);
    wanted[giver] = (wanted[giver] ?? 0) - 1;
    left += 1;
  }
  const growing = columns.findIndex(({ grows }) => grows === true);
  if (left > 0 && growing >= 0) wanted[growing] = (wanted[growing] ?? 0) + left;
  return wanted;
}
