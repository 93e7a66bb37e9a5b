/**
 * A table that fits the width of a terminal. Columns that are needed least are left out, and long cells are cut, until
 * each row is one line; where any width will do, nothing is.
 */

export interface Column {
  readonly head: string;
  /** The lowest are left out first; undefined: stays whatever happens. */
  readonly need: number | undefined;
  /** Cells may be cut to this many characters before the column is left out; undefined: they are not cut. */
  readonly least?: number;
  /** Cuts a cell that is too long; it must come out no longer than that. */
  readonly cut?: (cell: string, width: number) => string;
  /** Numbers stand to the right. */
  readonly isNumber?: boolean;
}

/** Between two columns. */
const GAP = '  ';

type Row = readonly string[];

interface Sized {
  readonly column: Column;
  readonly index: number;
  /** What its widest cell takes. */
  readonly natural: number;
  /** What it takes at least. */
  readonly least: number;
}

/** Lines, the head first; none has a blank at its end. */
export function fitTable(
  columns: readonly Column[],
  rows: readonly Row[],
  width = Infinity,
): readonly string[] {
  const kept = leaveOut(sizesOf(columns, rows), width);
  const widths = shareOut(kept, width);
  const lineOf = (cellOf: (each: Sized) => string): string =>
    kept
      .map((each, place) => {
        const room = widths[place] ?? 0;
        const cell = cellOf(each);
        const fits = cell.length <= room ? cell : (each.column.cut ?? cutEnd)(cell, room);
        return each.column.isNumber === true ? fits.padStart(room) : fits.padEnd(room);
      })
      .join(GAP)
      .trimEnd();
  return [lineOf(({ column }) => column.head), ...rows.map((row) => lineOf(({ index }) => row[index] ?? ''))];
}

/** The beginning of a text, with `…` for the rest. */
export function cutEnd(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;
}

/** The first of a list such as `web1, web2, mail`, with how many more there are: `web1 +2`. */
export function cutList(text: string, width: number): string {
  if (text.length <= width) return text;
  const all = text.split(', ');
  for (let kept = all.length - 1; kept > 0; kept--) {
    const shown = `${all.slice(0, kept).join(', ')} +${all.length - kept}`;
    if (shown.length <= width) return shown;
  }
  const more = all.length > 1 ? ` +${all.length - 1}` : '';
  return more.length + MIN_NAME > width
    ? cutEnd(text, width)
    : `${cutEnd(all[0] ?? '', width - more.length)}${more}`;
}

/** Of a name fewer letters say nothing. */
const MIN_NAME = 3;

function sizesOf(columns: readonly Column[], rows: readonly Row[]): readonly Sized[] {
  return columns.map((column, index) => {
    const natural = rows.reduce(
      (widest, row) => Math.max(widest, row[index]?.length ?? 0),
      column.head.length,
    );
    const least = column.least === undefined ? natural : Math.max(column.head.length, column.least);
    return { column, index, natural, least: Math.min(natural, least) };
  });
}

function leaveOut(sizes: readonly Sized[], width: number): readonly Sized[] {
  const needed = ({ column }: Sized): number => column.need ?? Infinity;
  let kept = sizes;
  while (takes(kept, ({ least }) => least) > width) {
    const least = kept.reduce((one, other) => (needed(other) < needed(one) ? other : one));
    if (least.column.need === undefined) break;
    kept = kept.filter((each) => each !== least);
  }
  return kept;
}

function takes(sizes: readonly Sized[], widthOf: (each: Sized) => number): number {
  return sizes.reduce((sum, each) => sum + widthOf(each), GAP.length * (sizes.length - 1));
}

/** Those that are needed most get what is left first; one that stays whatever happens gives up what there is not. */
function shareOut(kept: readonly Sized[], width: number): readonly number[] {
  let left = width - takes(kept, ({ least }) => least);
  if (left < 0) return kept.map(({ least }) => Math.max(1, least + left));
  const widths = new Map(kept.map((each) => [each, each.least]));
  for (const each of [...kept].sort((a, b) => (b.column.need ?? Infinity) - (a.column.need ?? Infinity))) {
    const more = Math.min(left, each.natural - each.least);
    widths.set(each, each.least + more);
    left -= more;
  }
  return kept.map((each) => widths.get(each) ?? each.least);
}
