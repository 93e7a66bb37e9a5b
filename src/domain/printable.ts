/** Text of strangers as it may stand in a line of a log and on a terminal. */

/** Invisible and direction-changing characters, which would make a log line read as another. */
export const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** Never between the halves of a character: half a one is no text that others can read. */
export function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}

/** The text in one line, without what a terminal obeys. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ');
}

/** The text where a terminal has so many columns for it; a longer one is cut, and ends with `…`. */
export function fit(text: string, columns: number): string {
  let [used, end, place] = [0, 0, 0];
  for (const character of text) {
    used += character < WIDE ? 1 : 2;
    if (used > columns) return `${cut(text, end)}…`;
    place += character.length;
    if (used < columns) end = place;
  }
  return text;
}

/** From here on (Hangul Jamo) a character may take two columns. */
const WIDE = '\u1100';
