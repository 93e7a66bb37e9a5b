/** The JSON schemas that are installed, by the names of their files. */
import type { JsonSchema } from '@valibot/to-json-schema';
import { CONFIG_SCHEMA } from './config-schema.ts';
import { POLICY_SCHEMA } from './policy-schema.ts';

export const SCHEMAS = {
  'config.json': CONFIG_SCHEMA,
  'policy.json': POLICY_SCHEMA,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** As it is kept in schemas/. */
export function schemaText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
