/** From the lines that the terminal shows to those that it should: the text that writes the lines which differ. */

const ESCAPE = '\u001b[';

/** Writes into a screen of so many lines; what `before` does not have, such as all after a resize, is written anew. */
export function repaint(before: readonly string[], after: readonly string[]): string {
  return after.map((line, row) => (before[row] === line ? '' : `${ESCAPE}${row + 1};1H${line}`)).join('');
}
