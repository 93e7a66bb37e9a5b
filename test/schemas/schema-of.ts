/**
 * Makes a JSON schema of the schema that reads a file, for editors: with what each key means, and with what valibot's
 * own functions check, as far as JSON Schema can say it. In: the valibot schema, and what is added to it by place. Out:
 * a schema of draft 7, which every editor reads.
 */
import { toJsonSchema, type JsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import type { GenericSchema } from 'valibot';
import type { KeyText } from '../../src/domain/key-text.ts';

/** A mapping of the file: where it stands, and what its keys mean. */
export interface Place {
  /** Names of properties; `[]` are the items of a list, `*` the values of a mapping whose keys people name. */
  readonly path: readonly string[];
  readonly keys: Readonly<Record<string, KeyText & { readonly default?: unknown }>>;
  /** By key: what the reader checks by functions. */
  readonly values?: Readonly<Record<string, JsonSchema>>;
  /** What it checks of several keys together. */
  readonly together?: JsonSchema;
}

interface Options {
  readonly title: string;
  readonly places: readonly Place[];
  /** Names that people give, by where the mapping stands. */
  readonly names?: readonly { readonly path: readonly string[]; readonly pattern: string }[];
}

/** The schema, with its places filled in. Throws where a place is not there, or a key of it has no text. */
export function schemaOf(schema: GenericSchema, { title, places, names = [] }: Options): JsonSchema {
  const made = convert(schema);
  const root = { $schema: 'http://json-schema.org/draft-07/schema#', title, ...withoutMeta(made) };
  for (const place of places) fill(mappingAt(root, place.path), place);
  for (const { path, pattern } of names) mappingAt(root, path).propertyNames = { pattern };
  return root;
}

interface AnySchema extends GenericSchema {
  readonly wrapped?: AnySchema;
  readonly pipe?: readonly AnySchema[];
  readonly entries?: Readonly<Record<string, AnySchema>>;
}

function convert(schema: GenericSchema): JsonSchema {
  return toJsonSchema(schema, {
    ...{ typeMode: 'input', errorMode: 'ignore', target: 'draft-07' },
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const { entries = {} } = valibotSchema as AnySchema;
      const told = Object.entries(entries).flatMap(([key, entry]) => {
        const behind = behindUnknown(entry);
        return behind === undefined ? [] : [[key, withoutMeta(convert(behind))] as const];
      });
      if (told.length === 0) return undefined;
      return { ...jsonSchema, properties: { ...jsonSchema.properties, ...Object.fromEntries(told) } };
    },
  });
}

/** What is anything at first, and is checked by a function then: the schema behind that tells what it is. */
function behindUnknown(schema: AnySchema | undefined): GenericSchema | undefined {
  const [first, ...rest] = schema?.pipe ?? [];
  if (first?.type === 'unknown') {
    const behind = rest.find(({ type }) => type === 'object_with_rest');
    return behind && v.nullable(behind);
  }
  return schema?.wrapped === undefined ? undefined : behindUnknown(schema.wrapped);
}

/** Only the whole has a version. */
function withoutMeta(schema: JsonSchema): JsonSchema {
  const { $schema, ...rest } = schema;
  return $schema === undefined ? schema : rest;
}

function fill(mapping: Mapping, { path, keys, values = {}, together = {} }: Place): void {
  const { properties = {} } = mapping;
  const where = path.join('.') || 'the file';
  const unknown = Object.keys(properties).filter((key) => !Object.hasOwn(keys, key));
  if (unknown.length > 0) throw new Error(`${where}: no text for ${unknown.join(', ')}`);
  for (const [key, text] of Object.entries(keys)) {
    const property = properties[key];
    if (typeof property !== 'object') throw new Error(`${where} has no ${key}`);
    const said = text.default === undefined ? text.otherwise : undefined;
    properties[key] = {
      description: plain(said === undefined ? text.meaning : `${text.meaning}\n\nDefault: ${said}`),
      ...withValue(property, values[key]),
    };
  }
  Object.assign(mapping, together);
}

/** What lets a key be left empty stays. */
function withValue(property: JsonSchema, value: JsonSchema | undefined): JsonSchema {
  if (value === undefined) return property;
  const { default: otherwise } = property;
  return { ...value, ...(otherwise !== undefined && { default: otherwise }) };
}

/** Editors show it as it stands. */
function plain(text: string): string {
  const sentence = text.replaceAll('’', "'");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

type Mapping = JsonSchema & { properties?: Record<string, JsonSchema> | undefined };

/** The mapping at a place, through lists, names and what may be null. */
function mappingAt(root: JsonSchema, path: readonly string[]): Mapping {
  const found = path.reduce<JsonSchema | undefined>(step, root);
  const mapping = found && unwrapped(found, 'object');
  if (mapping === undefined) throw new Error(`there is no mapping at ${path.join('.')}`);
  return mapping;
}

function step(from: JsonSchema | undefined, name: string): JsonSchema | undefined {
  if (from === undefined) return undefined;
  const wanted = unwrapped(from, name === '[]' ? 'array' : 'object');
  const next =
    name === '[]' ? wanted?.items : name === '*' ? wanted?.additionalProperties : wanted?.properties?.[name];
  return typeof next === 'object' && !Array.isArray(next) ? next : undefined;
}

function unwrapped(schema: JsonSchema, type: 'array' | 'object'): JsonSchema | undefined {
  if (schema.type === type) return schema;
  const each = (schema.anyOf ?? []) as readonly JsonSchema[];
  return each.find((one) => one.type === type);
}
