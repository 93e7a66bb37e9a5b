/** A table as RFC 4180 has it, for spreadsheets: none of its cells is a formula. */

/** Lines end with CRLF, the head first. */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

/** A spreadsheet carries out what begins like this, and shows it with a quote before it as it is. */
const FORMULA = /^[=+\-@\t\r]/;

function cellOf(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
