/** Finds keys that a mapping has twice, with the place of the first: the parser says only that there are such. */
import { isMap, isScalar, visit, type Document, type LineCounter } from 'yaml';
import type { Mistake } from './document.ts';

/** A mistake for each key that stands in its mapping already, at the later one. */
export function repeatedKeys(document: Document.Parsed, lines: LineCounter): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  visit(document, {
    Collection: (_key, node) => {
      if (!isMap(node)) return;
      const seen = new Map<unknown, number>();
      for (const { key } of node.items) {
        if (!isScalar(key) || !key.range) continue;
        const { line, col: column } = lines.linePos(key.range[0]);
        const before = seen.get(key.value);
        if (before === undefined) seen.set(key.value, line);
        else mistakes.push({ line, column, message: wordsOf(String(key.value), { line, before }) });
      }
    },
  });
  return mistakes;
}

function wordsOf(key: string, { line, before }: { readonly line: number; readonly before: number }): string {
  const place = before === line ? 'in this line' : `at line ${before}`;
  return `${key} already stands ${place}: join the two, or take one out`;
}
