/** A line as lines that are no wider than asked, broken between words where there are any. */
import { cellsOf, toCells, type Charset } from './cells.ts';
import type { Line, Span } from './line.ts';

/** Each piece keeps its style. */
export function wrapLine(line: Line, width: number, charset: Charset): readonly Line[] {
  const lines: Span[][] = [[]];
  let used = 0;
  for (const { text, style } of line)
    for (const word of toCells(text, charset).match(/ *[^ ]+| +$/g) ?? []) {
      for (const part of partsOf(word, width, used)) {
        const isNew = used > 0 && used + cellsOf(part) > width;
        if (isNew) {
          lines.push([]);
          used = 0;
        }
        const shown = isNew ? part.trimStart() : part;
        lines.at(-1)?.push({ text: shown, style });
        used += cellsOf(shown);
      }
    }
  return lines;
}

/** A word that no line could hold, in parts that fill one. */
function partsOf(word: string, width: number, used: number): readonly string[] {
  if (cellsOf(word) <= width) return [word];
  const parts: string[] = [];
  let [part, room] = ['', Math.max(1, width - used)];
  for (const character of word) {
    if (cellsOf(part) + cellsOf(character) > room && part !== '') {
      parts.push(part);
      [part, room] = ['', width];
    }
    part += character;
  }
  return [...parts, part];
}
