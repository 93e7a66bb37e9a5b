/**
 * RUNTIME/fetch.json: which lists are to be fetched. The controller writes it from policy.yaml, which the fetcher
 * cannot read. Nothing in it may lead the fetcher to another file: names are names of lists.
 */
import * as v from 'valibot';
import { LIST_FORMATS } from '../lists/list-format.ts';
import { LIST_NAME, type ListPolicy } from '../policy/list-schema.ts';
import { readJson } from '../yaml/read-json.ts';

const positive = v.pipe(v.number(), v.finite(), v.minValue(1));

const orderSchema = v.object({
  name: v.pipe(v.string(), v.regex(LIST_NAME)),
  url: v.pipe(v.string(), v.regex(/^https?:/i), v.url()),
  /** Seconds between two requests. */
  every: positive,
  /** The most entries. */
  max: positive,
  /** Undefined: it is found. */
  format: v.optional(v.picklist(LIST_FORMATS)),
  /** The file with the certificates that are believed; undefined: those of the system. */
  ca: v.optional(v.string()),
});

const schema = v.object({ version: v.literal(1), lists: v.array(orderSchema) });

export type Order = v.InferOutput<typeof orderSchema>;

/** Of all lists that come from the network. */
export function ordersOf(lists: readonly ListPolicy[]): readonly Order[] {
  return lists.flatMap(({ name, from, max, format }) => {
    if (from.kind !== 'url') return [];
    const { url, every, ca } = from;
    const optional = { ...(format !== undefined && { format }), ...(ca !== undefined && { ca }) };
    return [{ name, url, every: every / 1000, max, ...optional }];
  });
}

export function encodeOrders(lists: readonly Order[]): string {
  return `${JSON.stringify({ version: 1, lists }, null, 2)}\n`;
}

/** Undefined for what is none. */
export function decodeOrders(text: string): readonly Order[] | undefined {
  return readJson(schema, text)?.lists;
}
