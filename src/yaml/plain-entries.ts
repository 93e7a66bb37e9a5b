/**
 * A list of one-line mappings below a key of the file, such as `  - { net: 192.0.2.7, note: office }`, read fast: of a
 * million of them the yaml package makes 3 GB in 44 s. It is taken out of the text, and the package reads the rest.
 * What is not exactly such lines, all of them, is left to it.
 */

/** In quotes without anything to unescape, or plain; what is no text to YAML is sorted out below. */
const VALUE = String.raw`"[\x20\x21\x23-\x5b\x5d-\x7e\u00a1-\u024f]*"|[A-Za-z0-9](?:[A-Za-z0-9._/()@+=;-]|:(?=[A-Za-z0-9:._/-])| (?=[A-Za-z0-9(]))*`;
const FIELD = String.raw`([a-z]{1,16}): (${VALUE})`;
const ENTRY = new RegExp(
  String.raw`^( *)- \{ ?${FIELD}(?:, ${FIELD})?(?:, ${FIELD})? ?\}(?: +#[\x20-\x7e]*)?$`,
);
const NO_ENTRY = /^ *(?:#[\x20-\x7e]*)?$/;
const NEXT_KEY = /^[a-z][A-Za-z0-9]*:(?: |$)/;

/** A number, a truth value or nothing, in YAML's core schema; some texts too. */
const NO_TEXT = /^(?:\d+\.?\d*(?:e[-+]?\d+)?|0[ox][\da-f]+|null|true|false)$/i;

interface Cut {
  /** The text without the lines of the list: the key has no value there. */
  readonly rest: string;
  /** Lines are counted from 1. */
  readonly keyLine: number;
  /** How many lines are left out below the key. */
  readonly lines: number;
}

/** Undefined where it is not plain, or `take` returns false of one of its entries. */
export function cutPlainEntries(
  text: string,
  key: string,
  take: (fields: Readonly<Record<string, string>>, line: number) => boolean,
): Cut | undefined {
  const found = new RegExp(`^${key}: *(?:#[\\x20-\\x7e]*)?\\n`, 'm').exec(text);
  if (found === null) return undefined;
  const keyLine = lineAt(text, found.index);
  const start = found.index + found[0].length;
  let [from, line, indent] = [start, keyLine, undefined as string | undefined];
  while (from < text.length) {
    const newline = text.indexOf('\n', from);
    const end = newline === -1 ? text.length : newline;
    const words = text.slice(from, end);
    if (NEXT_KEY.test(words)) break;
    line += 1;
    from = end + 1;
    const entry = ENTRY.exec(words);
    if (entry === null) {
      if (NO_ENTRY.test(words)) continue;
      return undefined;
    }
    indent ??= entry[1];
    const fields = fieldsOf(entry);
    if (entry[1] !== indent || fields === undefined || !take(fields, line)) return undefined;
  }
  const rest = `${text.slice(0, start)}${text.slice(Math.min(from, text.length))}`;
  return indent === undefined ? undefined : { rest, keyLine, lines: line - keyLine };
}

function fieldsOf(entry: readonly string[]): Readonly<Record<string, string>> | undefined {
  const fields: Record<string, string> = {};
  for (let at = 2; at < entry.length; at += 2) {
    const [key, value] = [entry[at], entry[at + 1]];
    if (key === undefined || value === undefined) break;
    // What an object has already is a key twice, or one that means something to JavaScript.
    if (key in fields || NO_TEXT.test(value)) return undefined;
    fields[key] = value.startsWith('"') ? value.slice(1, -1) : value;
  }
  return fields;
}

function lineAt(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < index; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
