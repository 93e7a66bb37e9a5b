/** Values of a code and its details (src/domain/coded.ts) as JSON gives them: fields for programs, and the words. */

/** `{ code, …details, text }`: nets as their text, and what is not known as null. */
export function codedJson(value: { readonly code: string }, text: string): Readonly<Record<string, unknown>> {
  return { ...jsonFields(value), text };
}

/** Its fields, in the same forms. */
export function jsonFields(value: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, asJson(field)]));
}

function asJson(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asJson);
  return 'family' in value && 'text' in value ? value.text : jsonFields(value);
}
