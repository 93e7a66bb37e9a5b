/** YAML written by people: read with positions, so that a mistake can be shown at its line. */
import {
  isMap,
  isNode,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLError,
} from 'yaml';
import type { BaseIssue, BaseSchema, InferOutput } from 'valibot';
import { safeParse } from 'valibot';
import { isDeep, MAX_DEPTH } from './depth.ts';
import { mistakeAt, type Mistake } from './mistake.ts';
import { mergeConflicts } from './merge-conflict.ts';
import { quotesFor } from './quotes.ts';
import { repeatedKeys } from './repeated-keys.ts';
import { valuesBelow } from './values-below.ts';

type ReadDocument<T> =
  | {
      readonly kind: 'read';
      readonly value: T;
      readonly lineOf: (path: readonly (string | number)[]) => number;
    }
  | { readonly kind: 'mistakes'; readonly mistakes: readonly Mistake[] };

/**
 * Reads one YAML 1.2 document and checks it against `schema`; an empty document is an empty mapping. Aliases and
 * tags are mistakes: nothing that banspool reads needs them, and they make a small file a large one.
 */
export function readDocument<S extends BaseSchema<unknown, unknown, BaseIssue<unknown>>>(
  text: string,
  schema: S,
): ReadDocument<InferOutput<S>> {
  if (isDeep(text)) {
    const mistake = mistakeAt({ line: 1, column: 1 }, { code: 'too-deep', most: MAX_DEPTH });
    return { kind: 'mistakes', mistakes: [mistake] };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: lines,
    logLevel: 'error',
    prettyErrors: false,
  });
  const mistaken = mistakesIn(document, lines, text);
  if (mistaken.length > 0) return { kind: 'mistakes', mistakes: mistaken };

  const place = placeIn(document, lines);
  const checked = safeParse(schema, document.toJS({ maxAliasCount: 0 }) ?? {});
  if (checked.success) return { kind: 'read', value: checked.output, lineOf: (path) => place(path).line };
  const conflicts = mergeConflicts(text);
  if (conflicts.length > 0) return { kind: 'mistakes', mistakes: conflicts };
  const mistakes = checked.issues.map((issue) => {
    const path = (issue.path ?? []).map((item) => item.key as string | number);
    return mistakeAt(place(path), faultOf(issue, path));
  });
  return { kind: 'mistakes', mistakes };
}

/**
 * What is wrong with it as YAML. Where a cause can be named, that is all that is told: the rest follows from it, and
 * the parser's words for it are about something else.
 */
function mistakesIn(document: Document.Parsed, lines: LineCounter, text: string): readonly Mistake[] {
  const found: readonly YAMLError[] = [...document.errors, ...document.warnings];
  const causes =
    found.length === 0 ? [] : [mergeConflicts(text), valuesBelow(text, toMistakes(found, lines))];
  const cause = causes.find((mistakes) => mistakes.length > 0);
  if (cause !== undefined) return cause;
  const repeated = repeatedKeys(document, lines);
  const others = repeated.length === 0 ? found : found.filter(({ code }) => code !== 'DUPLICATE_KEY');
  return [...repeated, ...withQuotes([...toMistakes(others, lines), ...needlessIn(document, lines)], text)];
}

function toMistakes(errors: readonly YAMLError[], lines: LineCounter): readonly Mistake[] {
  return errors.map(({ pos: [offset], message }) => {
    // The parser counts from -1 what stands nowhere.
    const { line, col: column } = offset < 0 ? { line: 1, col: 1 } : lines.linePos(offset);
    return mistakeAt({ line, column }, { code: 'not-yaml', said: message });
  });
}

/** With what should have been written, where that is a value in quotes. */
function withQuotes(mistakes: readonly Mistake[], text: string): readonly Mistake[] {
  return mistakes.map((mistake) => {
    const quotes = quotesFor(text, mistake);
    return quotes === undefined ? mistake : { ...mistake, message: `${mistake.message}; ${quotes}` };
  });
}

function faultOf(
  { type, expected, input, message: said }: BaseIssue<unknown>,
  path: readonly (string | number)[],
): Parameters<typeof mistakeAt>[1] {
  const key = String(path.at(-1) ?? '');
  // So valibot says that a mapping lacks a key, and that it has one too many.
  if (input === undefined && expected === JSON.stringify(key)) return { code: 'missing-key', key };
  const isUnknown = type === 'strict_object' && expected === 'never';
  return { code: isUnknown ? 'unknown-key' : 'wrong-value', path, said };
}

function needlessIn(document: Document.Parsed, lines: LineCounter): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const add = ({ range }: Node, what: Parameters<typeof mistakeAt>[1]): void => {
    const { line, col: column } = lines.linePos(range?.[0] ?? 0);
    mistakes.push(mistakeAt({ line, column }, what));
  };
  visit(document, {
    Alias: (_key, node) => {
      add(node, { code: 'alias', name: node.source });
    },
    Pair: (_key, { key }) => {
      // As a number 01 would be 1.
      if (isScalar(key) && typeof key.value !== 'string' && key.source !== String(key.value))
        add(key, { code: 'odd-key', key: key.source ?? '', readAs: String(key.value) });
    },
    Value: (_key, node) => {
      if (node.tag !== undefined) add(node, { code: 'tag', name: node.tag });
    },
  });
  return mistakes;
}

/** Finds where a path stands; of a key that is missing, where its parent stands. */
function placeIn(document: Document.Parsed, lines: LineCounter) {
  return (path: readonly (string | number)[]): { line: number; column: number } => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = keyOrValue(document, path.slice(0, length));
      if (isNode(node) && node.range) {
        const { line, col } = lines.linePos(node.range[0]);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  };
}

/** In a mapping the key marks the place better than the value, which may begin lines below. */
function keyOrValue(document: Document.Parsed, path: readonly (string | number)[]): unknown {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
    if (pair !== undefined) return pair.key;
  }
  return document.getIn(path, true);
}
