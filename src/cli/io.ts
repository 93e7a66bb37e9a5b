/** Where a command speaks: stdout is for the answer alone, stderr for all else. */
import { styleText } from 'node:util';
import Table from 'cli-table3';

export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly color: boolean;
  /** True when a person looks on: progress may be shown on stderr. */
  readonly isTerminal: boolean;
  readonly env: NodeJS.ProcessEnv;
}

export type Style = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** The text in a style, where there is colour. */
export function paint(io: Io, style: Style, text: string): string {
  return io.color ? styleText(style, text, { validateStream: false }) : text;
}

/** Aligned columns without lines; the first row is the head. */
export function columns(io: Io, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  table.push(
    head.map((word) => paint(io, 'dim', word)),
    ...rows.map((row) => [...row]),
  );
  return `${table.toString().replace(/[ ]+$/gm, '')}\n`;
}

/** A JSON answer, one document. */
export function json(io: Io, value: Readonly<Record<string, unknown>>): void {
  io.out(`${JSON.stringify({ version: 1, ...value }, undefined, 2)}\n`);
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
