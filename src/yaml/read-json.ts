/**
 * Reads JSON of a known form, from a file that anybody may have written. In: the text, and the schema of the form. Out:
 * what the schema makes of it, or undefined: for any other text, and it never throws.
 */
import * as v from 'valibot';

export function readJson<T>(schema: v.GenericSchema<unknown, T>, text: string): T | undefined {
  try {
    const read = v.safeParse(schema, JSON.parse(text));
    return read.success ? read.output : undefined;
  } catch {
    // Not JSON.
    return undefined;
  }
}
