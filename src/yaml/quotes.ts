/**
 * Finds the value that should stand in quotes where YAML took it for something else: `a: b` for a mapping, `#12` for a
 * comment, `2001:db8::` for both. The parser says where, in words that help only who knows YAML.
 */

/** What was written there, as it should be; undefined where quotes are no help. */
export function quotesFor(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): string | undefined {
  const lines = text.split('\n');
  const [written = '', before = ''] = [lines[line - 1], lines[line - 2]];
  const value = valueAt(written, column) ?? commentIn(written) ?? commentIn(before);
  return value === undefined ? undefined : `put it in quotes: ${JSON.stringify(value)}`;
}

/** From the column to the end of the entry, where a key stands ahead of it. */
function valueAt(written: string, column: number): string | undefined {
  const ahead = written.slice(0, column - 1);
  if (!/[\w-]+:\s+$/.test(ahead)) return undefined;
  const rest = written.slice(column - 1);
  const value = (ahead.includes('{') ? rest.replace(/\s*(,\s*[\w-]+:\s.*|\}?\s*)$/, '') : rest).trim();
  return /^["'{[]|^$/.test(value) ? undefined : value;
}

/** A value that begins with #, in braces: to YAML the line ends ahead of it, and so they stay open. */
function commentIn(written: string): string | undefined {
  return /\{[^}]*[\w-]+:\s+(#[^}]*?)\s*\}?\s*$/.exec(written)?.[1];
}
