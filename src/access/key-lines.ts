/**
 * The lines of an authorized_keys file, some of which are ours: each of them of somebody with a name. All others stay
 * byte for byte as they are.
 */

/** The name of who the line belongs to; undefined for a line that is not ours. */
export type OwnerOfLine = (line: string) => string | undefined;

interface NamedLine {
  readonly name: string;
  readonly line: string;
}

/** The text with this line as the only one of its owner. */
export function putKeyLine(text: string, { name, line }: NamedLine, ownerOf: OwnerOfLine): string {
  const [known, ...more] = text.split('\n').filter((each) => ownerOf(each) === name);
  if (known === line && more.length === 0) return text;
  const kept = dropKeyLines(text, name, ownerOf);
  return `${kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`}${line}\n`;
}

/** The text without the lines of this owner. */
export function dropKeyLines(text: string, name: string, ownerOf: OwnerOfLine): string {
  const lines = text.split('\n');
  return lines.filter((line) => ownerOf(line) !== name).join('\n');
}

/** Lines that let somebody in and are not ours: whatever they allow, banspool did not. */
export function otherKeyLines(text: string, ownerOf: OwnerOfLine): readonly string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^[ \t]*#/.test(line) && ownerOf(line) === undefined);
}
