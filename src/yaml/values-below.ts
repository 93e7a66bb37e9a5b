/**
 * Finds where a key has its value beside it already and, below it, more: so somebody adds the first entry to `allow:
 * []`. The parser takes the line below for a key of its own.
 */
import { mistakeAt, type Mistake } from './mistake.ts';

/** A line with its number and indentation, neither blank nor a comment. */
interface Line {
  readonly line: number;
  readonly indent: number;
  readonly text: string;
}

/** `allow: [] # nobody`, or `[]` alone as a file of claims that holds none has it. */
const NOTHING = /^(?:- )*(?:("[^"]*"|[\w.-]+):\s+)?(\[\s*\]|\{\s*\}|~|null|none)\s*(?:#.*)?$/;

/** `allow: [{ net: 192.0.2.7 }]`. */
const CLOSED = /^(?:- )*("[^"]*"|[\w.-]+):\s+([[{].*([\]}]))\s*(?:#.*)?$/;

/** A mistake at each such value where one of `faults`, as the parser found them, is about it. */
export function valuesBelow(text: string, faults: readonly Mistake[]): readonly Mistake[] {
  const lines = linesOf(text);
  return lines.flatMap((above, index): readonly Mistake[] => {
    const below = lines[index + 1];
    if (below === undefined) return [];
    const isBlamed = faults.some(({ line }) => line === above.line || line === below.line);
    const mistake = isBlamed ? (nothingAbove(above, below) ?? closedAbove(above, below)) : undefined;
    return mistake === undefined ? [] : [mistake];
  });
}

function nothingAbove(above: Line, below: Line): Mistake | undefined {
  const [, key, nothing] = NOTHING.exec(above.text) ?? [];
  if (nothing === undefined || !isEntry(below, above, key !== undefined)) return undefined;
  const whole = key === undefined ? nothing : `${key}: ${nothing}`;
  const place = { line: above.line, column: columnOf(nothing, above, key) };
  return mistakeAt(place, { code: 'adds-to-nothing', written: whole, nothing, line: below.line });
}

function closedAbove(above: Line, below: Line): Mistake | undefined {
  const [, key, value, end] = CLOSED.exec(above.text) ?? [];
  if (key === undefined || value === undefined || !isEntry(below, above, true)) return undefined;
  const place = { line: above.line, column: columnOf(value, above, key) };
  return mistakeAt(place, { code: 'adds-to-closed', key, end: end ?? '', line: below.line });
}

function columnOf(value: string, { indent, text }: Line, key = ''): number {
  return indent + text.indexOf(value, text.indexOf(key) + key.length) + 1;
}

function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((written, index): readonly Line[] => {
    const trimmed = written.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    return [{ line: index + 1, indent: written.length - written.trimStart().length, text: trimmed }];
  });
}

/** Of a list an item may stand as far to the left as its key; what is a key there is the next one. */
function isEntry({ indent, text }: Line, above: Line, hasKey: boolean): boolean {
  if (/^-(?:\s|$)/.test(text)) return indent >= above.indent;
  return hasKey && indent > above.indent && /^(?:"[^"]*"|[^\s#]+):(?:\s|$)/.test(text);
}
