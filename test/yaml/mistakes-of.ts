/** Reads a document of a name and a list, and tells its mistakes as LINE:COLUMN MESSAGE. */
import * as v from 'valibot';
import { readDocument } from '../../src/yaml/document.ts';

export const schema = v.strictObject({
  name: v.optional(v.string('expected a name')),
  list: v.optional(
    v.array(v.strictObject({ net: v.string('expected an address'), note: v.optional(v.string()) })),
  ),
});

export const mistakesOf = (text: string): readonly string[] => {
  const read = readDocument(text, schema);
  if (read.kind === 'read') return [];
  return read.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`);
};
