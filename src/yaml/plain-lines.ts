/**
 * Lines `key: value` as senders write them, read fast: ten thousand intents may wait, and the yaml package takes 70 µs
 * for each. What is not exactly such lines is left to it, and so is everything that it would refuse.
 */

/** A value in quotes without anything to unescape, or a plain one in which no colon could begin a mapping. */
const LINE =
  /^([a-z]{1,32}): (?:"([A-Za-z0-9._,:/ -]*)"|(-?[A-Za-z0-9](?:[A-Za-z0-9._,/-]|:(?=[A-Za-z0-9:._,/-]))*))$/;

/** What {@link readUntrusted} reads from the same text; undefined for a text that is not plain lines. */
export function readPlainLines(text: string): Readonly<Record<string, string>> | undefined {
  const lines = text.split('\n');
  if (lines.pop() !== '') return undefined;
  if (lines.at(-1) === '...') lines.pop();
  if (lines.length === 0) return undefined;
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const [, key, quoted, plain] = LINE.exec(line) ?? [];
    const value = quoted ?? plain;
    // What an object has already is a key twice, or one that means something to JavaScript.
    if (key === undefined || value === undefined || key in fields) return undefined;
    fields[key] = value;
  }
  return fields;
}
