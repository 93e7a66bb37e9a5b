/**
 * Text of anybody's, as it may stand in a column: what comes out holds only characters whose width all terminals agree
 * on, so that no text moves what stands beside it, and no control character ever comes out. What has no such width,
 * such as emoji, or scripts that are written from the right, which a terminal may turn round, is a question mark.
 */

/** What the terminal can show: `ascii` where its character set is not UTF-8. */
export type Charset = 'utf8' | 'ascii';

const PLAIN = /^[\x20-\x7e]*$/;

/** Two cells wide everywhere: Han, kana, Hangul syllables, and the full-width forms. */
const WIDE =
  /[\u2e80-\u2fdf\u3001-\u3029\u3030-\u303e\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufad9\uff01-\uff60\uffe0-\uffe6]/u;

/** One cell wide everywhere but in East Asian locales, which take some of them for two. */
const NARROW =
  /[\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2015\u2018-\u201e\u2026\u20ac\u2190-\u2193\u2500-\u259f\u00b7]|(?=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])[\u0100-\u024f\u0370-\u052f\u1e00-\u1fff]/u;

/** The text in characters of known width. */
export function toCells(text: string, charset: Charset = 'utf8'): string {
  if (PLAIN.test(text)) return text;
  let cells = '';
  for (const character of text.normalize('NFC').replace(/\p{M}+/gu, '')) {
    const isKnown = PLAIN.test(character) || (charset === 'utf8' && widthOf(character) > 0);
    // One for all that is unreadable in a row.
    if (isKnown) cells += character;
    else if (!cells.endsWith('?')) cells += '?';
  }
  return cells;
}

function widthOf(character: string): number {
  if (WIDE.test(character) && /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)) return 2;
  return NARROW.test(character) && !/[\p{M}\p{C}]/u.test(character) ? 1 : 0;
}

/** How many cells a text takes that {@link toCells} gave. */
export function cellsOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

interface Fit {
  readonly align?: 'left' | 'right';
  readonly charset?: Charset;
}

/** The text in exactly so many cells: filled with blanks, or cut with a mark at its end. */
export function fit(text: string, width: number, { align = 'left', charset = 'utf8' }: Fit = {}): string {
  const cells = toCells(text, charset);
  const wide = cellsOf(cells);
  if (wide <= width) {
    const blanks = ' '.repeat(width - wide);
    return align === 'left' ? cells + blanks : blanks + cells;
  }
  if (width <= 0) return '';
  const mark = charset === 'utf8' ? '…' : '~';
  const kept = firstCells(cells, width - 1);
  return kept + mark + ' '.repeat(width - 1 - cellsOf(kept));
}

/** No more than so many cells of it; a wide character is never cut in half. */
function firstCells(text: string, width: number): string {
  if (PLAIN.test(text)) return text.slice(0, width);
  let [kept, left] = ['', width];
  for (const character of text) {
    left -= cellsOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}
