/** What values are that a function of the program reads, as patterns: wider than the function, and never narrower. */
import type { JsonSchema } from '@valibot/to-json-schema';

export const PATH: JsonSchema = { type: 'string', pattern: '^/' };

export const NET: JsonSchema = {
  type: 'string',
  pattern: '^(?=.*[.:])[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?$',
};

/** A day, or a time with its zone. */
export const UNTIL: JsonSchema = {
  type: 'string',
  pattern: String.raw`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$`,
};

/** `M` alone may be months or minutes. */
const LENGTH_TEXT = String.raw`(?!.*[0-9 ]M(?![A-Za-z]))([0-9]*\.?[0-9]+ *[A-Za-z]* *)+`;

/** A time such as 90s, 2h or 1d12h, or seconds. */
export const LENGTH: JsonSchema = {
  anyOf: [
    { type: 'string', pattern: `^${LENGTH_TEXT}$` },
    { type: 'number', minimum: 0 },
  ],
};

export const LENGTH_OR_NEVER: JsonSchema = {
  anyOf: [
    { type: 'string', pattern: `^(never|${LENGTH_TEXT})$` },
    { type: 'number', minimum: 0 },
  ],
};

export const PORTS: JsonSchema = {
  anyOf: [
    { type: 'string', pattern: '^(all|[0-9][0-9 ,:-]*)$' },
    { type: 'integer', minimum: 0, maximum: 65_535 },
  ],
};

export const PROTOCOLS: JsonSchema = { type: 'string', pattern: '^[a-z0-9, ]+$' };

export const PUBLIC_KEY: JsonSchema = { type: 'string', pattern: 'ssh-ed25519 +AAAA' };

/** Exactly one of these keys. */
export function oneOfKeys(...keys: readonly string[]): JsonSchema {
  return { oneOf: keys.map((key) => ({ required: [key] })) };
}

/** Where one key has that value, others have to be there, and others may not. */
export function where(
  key: string,
  value: string,
  { needs, has }: { readonly needs: readonly string[]; readonly has?: readonly string[] },
): JsonSchema {
  return {
    if: { required: [key], properties: { [key]: { const: value } } },
    then: { required: [...needs], ...(has !== undefined && { propertyNames: { enum: [...has] } }) },
  };
}
