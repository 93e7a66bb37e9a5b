/**
 * Changes one item of a text in YAML that people wrote, and leaves every other byte as it is: comments, order, ends of
 * lines. What is put in and taken out again leaves the text as it was, but for a key that was not there. In: a text
 * that can be read. Out: the new text, which is to be held against what it should mean, or undefined where it stands in
 * a form that cannot be edited so. Pure.
 */
import { isCollection, isMap, isNode, isScalar, isSeq, parseDocument, stringify } from 'yaml';
import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml';

/** Keys of mappings, and places in lists. */
type Path = readonly (string | number)[];

interface NewItem {
  /** Of the file's mapping: what holds the item. */
  readonly key: string;
  readonly kind: 'list' | 'mapping';
  /** In one line, as it may stand in brackets too: `{ net: 192.0.2.0/24 }`, or `fw2: { claims: 5 }`. */
  readonly item: string;
}

/** With one item more: behind the others where each has lines of its own, before them in brackets. */
export function putItem(text: string, { key, kind, item }: NewItem): string | undefined {
  const { contents } = parse(text);
  const inBrackets = kind === 'list' ? `[${item}]` : `{${item}}`;
  const child = kind === 'list' ? `- ${item}` : item;
  if (contents === null) return putLines(text, endOfDocument(text), [`${key}:`, `  ${child}`]);
  if (!isMap(contents)) return undefined;
  const pair = pairOf(contents, key);
  if (pair === undefined) return putKey(text, contents, { key, child, inBrackets });
  const { value } = pair;
  if (isCollection(value)) return putInto(text, value, { item, child });
  const [start, end] = spanOf(pair.value);
  if (contents.flow === true || end > start) {
    const gap = text[start - 1] === ':' ? ' ' : '';
    return `${text.slice(0, start)}${gap}${inBrackets}${text.slice(end)}`;
  }
  const indent = ' '.repeat(columnOf(text, spanOf(pair)[0]) + 2);
  return putLines(text, lineEnd(text, spanOf(pair)[1]), [`${indent}${child}`]);
}

/** Without the item at that place of the list that the path leads to. */
export function takeItem(text: string, path: Path, index: number): string | undefined {
  const found = path.reduce<unknown>(childOf, parse(text).contents);
  return isSeq(found) ? takeFrom(text, found, index) : undefined;
}

/** With another value, which is as it may stand in brackets, for a key of a mapping, or with that key. */
export function setKey(text: string, path: Path, value: string): string | undefined {
  const { key, map, index } = keyAt(text, path);
  if (!isMap(map)) return undefined;
  if (index === -1) return appendPair(text, map, `${key}: ${value}`);
  const [start, end] = spanOf(map.items[index]?.value);
  return `${text.slice(0, start)}${value}${text.slice(end)}`;
}

/** Without the key of a mapping, and what it holds. */
export function takeKey(text: string, path: Path): string | undefined {
  const { map, index } = keyAt(text, path);
  if (!isMap(map)) return undefined;
  return index === -1 ? text : takeFrom(text, map, index);
}

/** A value in one line, as it may stand in brackets, quoted where it must be. */
export function inlineText(value: string | Readonly<Record<string, unknown>>): string {
  return stringify([value], { collectionStyle: 'flow', lineWidth: 0 }).trim().slice(2, -2);
}

/** Of a mapping; a name such as 10 is a number to YAML. */
export function pairOf(map: unknown, name: string): Pair | undefined {
  return isMap(map) ? map.items.find(({ key }) => String(key) === name) : undefined;
}

function parse(text: string) {
  return parseDocument(text, { version: '1.2', keepSourceTokens: true });
}

function keyAt(text: string, path: Path) {
  const key = String(path.at(-1));
  const map = path.slice(0, -1).reduce<unknown>(childOf, parse(text).contents);
  return { key, map, index: isMap(map) ? map.items.findIndex((each) => String(each.key) === key) : -1 };
}

function takeFrom(text: string, found: YAMLMap | YAMLSeq, index: number): string | undefined {
  if (index >= found.items.length) return text;
  return found.flow === true ? takeFromBrackets(text, found, index) : takeLines(text, found, index);
}

function childOf(node: unknown, key: string | number): unknown {
  return typeof key === 'number' ? (isSeq(node) ? node.items[key] : undefined) : pairOf(node, key)?.value;
}

interface NewKey {
  readonly key: string;
  readonly child: string;
  readonly inBrackets: string;
}

function putKey(text: string, map: YAMLMap, { key, child, inBrackets }: NewKey): string {
  if (map.flow !== true) {
    const indent = ' '.repeat(columnOf(text, map.range?.[0] ?? 0));
    return putLines(text, endOfDocument(text), [`${indent}${key}:`, `${indent}  ${child}`]);
  }
  const [start, end] = spanOf(map);
  const isAlone = map.items.length === 0 && text.slice(0, start).endsWith('\n') === start > 0;
  if (!isAlone || !/^[ \t]*\r?(\n|$)/.test(text.slice(end))) {
    return putBefore(text, map, `${key}: ${inBrackets}`);
  }
  return `${text.slice(0, start)}${key}:${eolOf(text)}  ${child}${text.slice(end)}`;
}

function putInto(
  text: string,
  found: YAMLMap | YAMLSeq,
  { item, child }: { readonly item: string; readonly child: string },
): string {
  if (found.flow === true) return putBefore(text, found, item);
  const indent = ' '.repeat(columnOf(text, found.range?.[0] ?? 0));
  return putLines(text, lineEnd(text, spanOf(found)[1]), [`${indent}${child}`]);
}

/** First in brackets: there no line of another item needs a comma more. */
function putBefore(text: string, { items, range }: YAMLMap | YAMLSeq, item: string): string {
  const [first] = items;
  if (first === undefined) return putAt(text, (range?.[0] ?? 0) + 1, item);
  const [start] = spanOf(first);
  const line = lineStart(text, start);
  const indent = text.slice(line, start);
  return indent.trim() === ''
    ? putAt(text, line, `${indent}${item},${eolOf(text)}`)
    : putAt(text, start, `${item}, `);
}

function appendPair(text: string, map: YAMLMap, pair: string): string {
  const [, end] = spanOf(map.items.at(-1));
  if (map.flow === true) return putAt(text, end, `, ${pair}`);
  const indent = ' '.repeat(columnOf(text, map.range?.[0] ?? 0));
  return putLines(text, lineEnd(text, end), [`${indent}${pair}`]);
}

function takeFromBrackets(text: string, { items }: YAMLMap | YAMLSeq, index: number): string {
  const [start, end] = spanOf(items[index]);
  const comma = commaAfter(text, end);
  const line = lineStart(text, start);
  const rest = text.slice(Math.max(end, (comma ?? 0) + 1), lineEnd(text, end));
  const isOnLineOfItem = comma === undefined || comma < lineEnd(text, end);
  const isAlone = text.slice(line, start).trim() === '' && isOnLineOfItem;
  if (isAlone && /^\s*(#.*)?\s*$/.test(rest) && rest.includes('\n'))
    return without(text, line, lineEnd(text, end));
  if (comma !== undefined) {
    const blanks = /^[ \t]*/.exec(text.slice(comma + 1))?.[0].length ?? 0;
    return without(text, start, comma + 1 + blanks);
  }
  const before = index === 0 ? undefined : commaAfter(text, spanOf(items[index - 1])[1]);
  const isNear = before !== undefined && /^[ \t]*$/.test(text.slice(before + 1, start));
  return without(text, isNear ? before : start, end);
}

/** The comma that ends the item, behind blanks and comments. */
function commaAfter(text: string, end: number): number | undefined {
  const blanks = /^(?:\s+(?:#.*)?)*/.exec(text.slice(end))?.[0].length ?? 0;
  return text[end + blanks] === ',' ? end + blanks : undefined;
}

function takeLines(text: string, found: YAMLMap | YAMLSeq, index: number): string | undefined {
  const item = found.items[index];
  const [inside, end] = spanOf(item);
  const begin = isSeq(found) ? dashOf(found, index) : inside;
  if (begin === undefined) return undefined;
  const start = lineStart(text, begin);
  if (text.slice(start, begin).trim() === '') return withoutLines(text, start, lineEnd(text, end));
  // The first key of a mapping behind the dash of a list.
  const next = found.items[index + 1];
  return isMap(found) && next !== undefined ? without(text, begin, spanOf(next)[0]) : undefined;
}

function dashOf({ srcToken }: YAMLSeq, index: number): number | undefined {
  if (srcToken?.type !== 'block-seq') return undefined;
  const { start } = srcToken.items[index] ?? { start: [] };
  return start.find(({ type }) => type === 'seq-item-ind')?.offset;
}

/** Where it begins, and behind its last character. What a mapping in lines ends with are comments, which stay. */
function spanOf(item: unknown): readonly [start: number, end: number] {
  if (!isNode(item)) {
    const { key, value } = item as Pair;
    const [start, end] = isNode(key) ? spanOf(key) : [0, 0];
    return [start, isNode(value) ? Math.max(end, spanOf(value)[1]) : end];
  }
  const [start = 0, end = 0] = item.range ?? [];
  const last = isCollection(item) && item.flow !== true ? item.items.at(-1) : undefined;
  if (last !== undefined) return [start, spanOf(last)[1]];
  return [start, isBlockScalar(item) ? end - endBreaks(item) : end];
}

function isBlockScalar(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

/** The end of its last line is its own to YAML, and of the text to an editor. */
function endBreaks({ srcToken }: Node): number {
  const source = srcToken?.type === 'block-scalar' ? srcToken.source : '';
  return source.length - source.trimEnd().length;
}

/** Behind the last line of the document. */
function endOfDocument(text: string): number {
  const marker = /^\.\.\.(?=[ \t\r\n]|$)/m.exec(text);
  return marker?.index ?? text.length;
}

/** A text without an end of its last line has none afterwards either, so that taking it out leaves what was there. */
function putLines(text: string, at: number, lines: readonly string[]): string {
  const eol = eolOf(text);
  const isOpen = at > 0 && text[at - 1] !== '\n';
  return putAt(text, at, isOpen ? `${eol}${lines.join(eol)}` : lines.map((line) => `${line}${eol}`).join(''));
}

function withoutLines(text: string, start: number, end: number): string {
  const isOpen = end === text.length && !text.endsWith('\n') && start > 0;
  return without(text, isOpen ? start - (text[start - 2] === '\r' ? 2 : 1) : start, end);
}

function eolOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

function putAt(text: string, at: number, more: string): string {
  return `${text.slice(0, at)}${more}${text.slice(at)}`;
}

function without(text: string, start: number, end: number): string {
  return `${text.slice(0, start)}${text.slice(end)}`;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** Behind the line that holds this character. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

function columnOf(text: string, at: number): number {
  return at - lineStart(text, at);
}
