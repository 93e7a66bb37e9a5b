/**
 * A screen as lines of exactly the terminal's width, no more than its height: the verdict first, then what is wrong,
 * then tables side by side where there is room. What does not fit is left out from the bottom of each table.
 */
import { cellsOf, toCells, type Charset } from './cells.ts';
import { chartLines } from './chart.ts';
import { helpLines } from './help.ts';
import { fitLine, span, type Line } from './line.ts';
import type { Panel, Screen } from './screen.ts';
import { tableLines } from './tables/table.ts';
import type { Pane, Reach, View } from './view.ts';
import { wrapLine } from './wrap.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

type Sized = Pick<FrameOptions, 'columns' | 'charset'>;

export interface FrameOptions extends Size {
  readonly charset: Charset;
  readonly view: Pick<View, 'pane' | 'isHelp'>;
}

/** Smaller shows nothing that can be read. */
export const SMALLEST: Size = { columns: 40, rows: 10 };

/** From here on two tables stand side by side. */
const TWO_COLUMNS = 140;

/** Left and right of all. */
const MARGIN = 1;

/** Between two tables. */
const GUTTER = 3;

interface Frame {
  /** From top to bottom. */
  readonly lines: readonly Line[];
  /** How far the keys scroll in a table that is alone. */
  readonly reach: Reach;
}

/** The frame. */
export function makeFrame(screen: Screen, options: FrameOptions): Frame {
  const { columns, rows, charset } = options;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows)
    return { lines: tooSmall(options), reach: { page: 0, last: 0 } };
  const width = columns - 2 * MARGIN;
  const head = headLines(screen, { ...options, columns: width });
  const room = { columns: width, rows: rows - head.length - 1 };
  const body = options.view.isHelp ? helpLines() : bodyLines(screen, { ...options, ...room });
  const filled = Array.from({ length: room.rows }, (_, row) => body[row] ?? []);
  const lines = [...head, ...filled, screen.footer].map((line) => [
    span(' '.repeat(MARGIN)),
    ...fitLine(line, width, charset),
    span(' '.repeat(MARGIN)),
  ]);
  return { lines, reach: reachOf(screen, options.view.pane, room.rows - PANEL_HEAD) };
}

function reachOf(screen: Screen, pane: Pane, page: number): Reach {
  if (pane === 'all') return { page: 0, last: 0 };
  return { page: Math.max(0, page), last: Math.max(0, screen[pane].total - page) };
}

function tooSmall({ columns, rows, charset }: FrameOptions): readonly Line[] {
  const text = `too small: ${columns} by ${rows}, and ${SMALLEST.columns} by ${SMALLEST.rows} is the least; q quits`;
  const lines = wrapLine([span(text)], Math.max(1, columns), charset);
  return Array.from({ length: rows }, (_, row) => fitLine(lines[row] ?? [], columns, charset));
}

function headLines(screen: Screen, options: FrameOptions): readonly Line[] {
  const alerts = alertLines(screen.alerts, options);
  return [
    verdictLine(screen, options),
    ...minuteLines(screen, options),
    ...alerts,
    ...(options.rows >= 30 ? [[]] : []),
  ];
}

/** The verdict at the left, and at the right as much as there is room for: when it was found stays in any case. */
function verdictLine({ verdict, moment }: Screen, { columns, charset }: Sized): Line {
  for (let shown = moment.length; shown > 0; shown -= 1) {
    const right = moment.slice(0, shown).flatMap((piece): Line => [span('  '), piece]);
    const room = columns - widthOf(right, charset);
    if (widthOf(verdict, charset) <= room || shown === 1)
      return [...fitLine(verdict, Math.max(0, room), charset), ...right];
  }
  return verdict;
}

function widthOf(line: Line, charset: Charset): number {
  return line.reduce((sum, { text }) => sum + cellsOf(toCells(text, charset)), 0);
}

const MINUTES_LABEL = 'bans a minute  ';

/** Fewer bars tell nothing. */
const FEWEST_BARS = 8;

/** The chart between its label and its sums: one line high, three or five where there is room. */
function minuteLines({ minutes, minutesNotes }: Screen, options: FrameOptions): readonly Line[] {
  const { columns, rows, charset } = options;
  const height = rows >= 50 ? 5 : rows >= 36 ? 3 : 1;
  const room = columns - MINUTES_LABEL.length - GUTTER;
  const text = minutesNotes.find((one) => room - one.length >= FEWEST_BARS) ?? '';
  const note = `${' '.repeat(GUTTER)}${text}`;
  const shown = minutes.slice(-Math.max(1, room - text.length));
  const bars = chartLines(shown, { width: shown.length, height, charset });
  const most = String(Math.max(0, ...shown));
  return bars.map((bar, row) => {
    const label =
      row === height - 1 ? MINUTES_LABEL : row === 0 ? `${most.padStart(MINUTES_LABEL.length - 2)}  ` : '';
    return [
      span(label.padEnd(MINUTES_LABEL.length), 'dim'),
      span(bar, 'bar'),
      ...(row === height - 1 ? [span(note)] : []),
    ];
  });
}

/** The worst first, each in some lines at the most: what it says ends with the fix. How many were left out is said. */
function alertLines(alerts: readonly Line[], { columns, rows, charset }: FrameOptions): readonly Line[] {
  const most = Math.max(3, Math.floor(rows / 5));
  const each = alerts.length === 1 ? most : Math.max(2, Math.floor(rows / 10));
  const lines: Line[] = [];
  for (const [index, alert] of alerts.entries()) {
    const shown = firstLines(wrapLine(alert, columns, charset), each);
    const isLast = index === alerts.length - 1;
    if (lines.length + shown.length > (isLast ? most : most - 1) && index > 0)
      return [...lines, [span(`and ${alerts.length - index} more: banspool status`, 'warning')]];
    lines.push(...shown);
  }
  return lines;
}

/** What the last one goes on with makes it longer than it may be, so that it is cut with a mark. */
function firstLines(lines: readonly Line[], most: number): readonly Line[] {
  const [last = [], next] = [lines[most - 1], lines[most]];
  return next === undefined ? lines : [...lines.slice(0, most - 1), [...last, span(' '), ...next]];
}

function bodyLines(screen: Screen, options: FrameOptions): readonly Line[] {
  const { rows, columns } = options;
  switch (options.view.pane) {
    case 'top':
      return panelLines(screen.top, options);
    case 'events':
      return panelLines(screen.events, options);
    case 'servers':
      return stacked(sharesOf([screen.servers, screen.peers], rows), options);
    case 'all': {
      const { top, servers, peers, events } = screen;
      if (columns < TWO_COLUMNS - 2 * MARGIN)
        return stacked(sharesOf([top, servers, peers, events], rows), options);
      const left = Math.floor((columns - GUTTER) / 2);
      const right = { ...options, columns: columns - GUTTER - left };
      const leftLines = stacked(sharesOf([top, servers, peers], rows), { ...options, columns: left });
      return besides(leftLines, panelLines(events, right), { left, charset: options.charset, rows });
    }
  }
}

function besides(
  left: readonly Line[],
  right: readonly Line[],
  { left: width, charset, rows }: { left: number; charset: Charset; rows: number },
): readonly Line[] {
  return Array.from({ length: rows }, (_, row) => [
    ...fitLine(left[row] ?? [], width, charset),
    span(' '.repeat(GUTTER)),
    ...(right[row] ?? []),
  ]);
}

interface Share {
  readonly panel: Panel;
  readonly rows: number;
}

/** A title and a head. */
const PANEL_HEAD = 2;

/**
 * How many rows each gets: what it has, but no more than its part of what is left; what one does not need, the others
 * get.
 */
function sharesOf(panels: readonly (Panel | undefined)[], rows: number): readonly Share[] {
  const there = panels.filter((panel) => panel !== undefined);
  const shares = there.map(() => 0);
  const needed = there.map((panel) => PANEL_HEAD + Math.max(1, panel.rows.length));
  for (let left = rows; left > 0;) {
    const hungry = there.flatMap((_, index) => ((shares[index] ?? 0) < (needed[index] ?? 0) ? [index] : []));
    if (hungry.length === 0) break;
    for (const index of hungry.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1;
    left -= Math.min(left, hungry.length);
  }
  return there.map((panel, index) => ({ panel, rows: shares[index] ?? 0 }));
}

function stacked(shares: readonly Share[], options: FrameOptions): readonly Line[] {
  return shares.flatMap(({ panel, rows }) => panelLines(panel, { ...options, rows }));
}

/** Its title with what there is to say of it, its head, and as many rows as there is room for. */
function panelLines(panel: Panel, { columns, rows, charset }: FrameOptions): readonly Line[] {
  if (rows <= 0) return [];
  const title = titleLine(panel, { columns, charset });
  if (panel.rows.length === 0) return [title, [span(panel.empty, 'dim')]].slice(0, rows);
  const shown = panel.rows.slice(0, Math.max(0, rows - PANEL_HEAD));
  return [title, ...tableLines({ ...panel, rows: shown }, columns, charset)].slice(0, rows);
}

function titleLine({ title, note }: Panel, { columns, charset }: Sized): Line {
  const dash = charset === 'utf8' ? '─' : '-';
  const said = note === '' ? '' : ` ${note} `;
  const rule = Math.max(0, columns - title.length - cellsOf(toCells(said, charset)) - 4);
  return [
    span(`${dash} `, 'dim'),
    span(title, 'bold'),
    span(` ${dash.repeat(rule)}`, 'dim'),
    span(said, 'dim'),
    span(dash, 'dim'),
  ];
}
