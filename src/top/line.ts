/** A line of the screen: pieces of text, each in a style, and the same as a terminal is told it. */
import { cellsOf, fit, toCells, type Charset } from './cells.ts';

export type Style = 'plain' | 'bold' | 'dim' | 'good' | 'bad' | 'warning' | 'bar' | 'key';

export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** What stands in a line, from left to right. */
export type Line = readonly Span[];

/** How the terminal shows a screen. */
export interface Look {
  readonly charset: Charset;
  readonly color: boolean;
}

/** By the 16 colours that a terminal's own theme defines, so that they are readable on light and dark. */
const CODES: Readonly<Record<Exclude<Style, 'plain'>, string>> = {
  bold: '1',
  dim: '2',
  good: '1;32',
  bad: '1;31',
  warning: '33',
  bar: '36',
  key: '1',
};

export function span(text: string, style: Style = 'plain'): Span {
  return { text, style };
}

/** The line in exactly so many cells: what is too long is cut, and what is too short filled with blanks. */
export function fitLine(line: Line, width: number, charset: Charset): Line {
  const fitted: Span[] = [];
  let left = width;
  for (const { text, style } of line) {
    const cells = toCells(text, charset);
    const kept = cellsOf(cells) <= left ? cells : fit(cells, left, { charset });
    fitted.push({ text: kept, style });
    left -= cellsOf(kept);
  }
  return left > 0 ? [...fitted, span(' '.repeat(left))] : fitted;
}

/** The cells of a line alone. */
export function plainText(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** The line with its styles, as a terminal is told them; without colours its cells alone. */
export function paintedText(line: Line, { color }: Look): string {
  if (!color) return plainText(line);
  return line
    .map(({ text, style }) =>
      style === 'plain' || text === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`,
    )
    .join('');
}
