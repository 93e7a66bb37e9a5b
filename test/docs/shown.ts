/** Output as a page shows it: `…` on a line of its own stands for any lines, within a line for any text. */

/** Whether `lines` are what is shown. */
export function isShown(shown: readonly string[], lines: readonly string[]): boolean {
  return new RegExp(`^${shown.map(pattern).join('')}$`).test(joined(lines));
}

/** Whether what is shown stands somewhere in `lines`. */
export function isPartOf(lines: readonly string[], shown: readonly string[]): boolean {
  return isShown(['…', ...shown, '…'], lines);
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function pattern(line: string): string {
  if (line.trim() === '…') return '(?:.*\\n)*?';
  return `${line.split('…').map(escaped).join('.*')}\\n`;
}

function escaped(text: string): string {
  return text.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&');
}
