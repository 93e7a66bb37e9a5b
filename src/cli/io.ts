/** Where a command speaks: stdout is for the answer alone, stderr for all else. */
// A Node that is too old, and lacks it, could not even say so if it were imported by its name.
import * as util from 'node:util';
import { UTC, type Zone } from '../domain/words.ts';
import type { Given } from '../system/given.ts';

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly color: boolean;
  /** True when a person looks on: progress may be shown on stderr. */
  readonly isTerminal: boolean;
  /** Columns of the terminal that shows the answer; undefined where a file or a program takes it. */
  readonly width: number | undefined;
  /** Of the times that are told. */
  readonly zone: Zone;
  readonly env: NodeJS.ProcessEnv;
  readonly given: Given;
}

/** The zone of the times that a command tells: with --utc UTC, else that of whoever asks. */
export function zoneOf(io: Io, { utc = false }: { readonly utc?: boolean | undefined }): Zone {
  return utc ? UTC : io.zone;
}

type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** The text in a style, where there is colour. */
export function paint(io: Io, style: Style, text: string): string {
  return io.color ? util.styleText(style, text, { validateStream: false }) : text;
}

/** Between two columns. */
const GAP = '  ';

/** Aligned columns; the first row is the head. The libraries for it take a millisecond a row, and a list has 10,000. */
export function columns(io: Io, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((word, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), word.length),
  );
  const lines = [head, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
  const [first = '', ...others] = lines;
  return [paint(io, 'dim', first), ...others].map((line) => `${line}\n`).join('');
}

/** A JSON answer, one document: what a terminal would obey, and JSON leaves as it is, is escaped. */
export function json(io: Io, value: Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify({ version: 1, ...value }, undefined, 2);
  io.out(`${text.replace(ESCAPED, escapeUnits)}\n`);
}

/** Of all that {@link UNPRINTABLE} has, but the ends of lines that are none of the values'. */
const ESCAPED = /(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu;

/** A character beyond the first plane is two of its units. */
function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
