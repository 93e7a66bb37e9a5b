/**
 * Reads a line of a list that is one JSON object a line, as Spamhaus publishes DROP:
 * `{"cidr":"1.10.16.0/20","sblid":"SBL256894","rir":"apnic"}`, and a last line of `"type":"metadata"`
 * (https://www.spamhaus.org/drop/drop_v4.json, https://www.spamhaus.org/blocklists/network-protection/).
 */
import { decoded } from '../decoded.ts';
import type { LineMeaning } from '../entry.ts';
import { parseRange } from '../range.ts';
import { entryOf } from './details.ts';

/** Reads one line: who is meant is told by the first of ADDRESS_KEYS that is there. */
export function parseJsonLine(line: string): LineMeaning {
  const said = line.trim();
  if (said === '' || said.startsWith('#') || said.startsWith(';')) return 'nothing';
  const object = said.startsWith('{') ? parseObject(decoded(said)) : undefined;
  if (object === undefined) return 'unread';
  const address = textIn(object, ADDRESS_KEYS);
  if (address === undefined) return object['type'] === 'metadata' ? 'nothing' : 'unread';
  const range = parseRange(address);
  return range === undefined ? 'unread' : entryOf(range, { reason: textIn(object, REASON_KEYS) });
}

/** The object that the text is; undefined for every other text. */
function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these keys that has a text. */
function textIn(object: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (typeof value === 'string') return value;
  }
  return undefined;
}

const ADDRESS_KEYS = ['cidr', 'ip', 'net', 'network', 'address', 'range'];
const REASON_KEYS = ['reason', 'comment', 'sblid'];
