/** Finds keys that a mapping has twice, with the place of the first: the parser says only that there are such. */
import { isMap, isScalar, visit, type Document, type LineCounter } from 'yaml';
import { mistakeAt, type Mistake } from './mistake.ts';

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
        else {
          const place = before === line ? 'in this line' : `at line ${before}`;
          mistakes.push(mistakeAt({ line, column }, { code: 'repeated-key', key: String(key.value), place }));
        }
      }
    },
  });
  return mistakes;
}
