/** A small list of each form, written as its publisher or program writes them; nets are those of documentation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry } from '../../src/lists/entry.ts';
import { ListReader, type Reading } from '../../src/lists/list-reader.ts';
import type { ListFormat } from '../../src/lists/list-format.ts';
import { rangeText } from '../../src/lists/range.ts';

const EXAMPLES = join(import.meta.dirname, '../../../test/lists/examples');

export interface ReadList extends Reading {
  readonly all: readonly Entry[];
  /** Of each entry its range, and what is told of it. */
  readonly told: readonly (readonly [range: string, details: Entry['details']])[];
}

/** The bytes of an example. */
export function exampleList(name: string): Buffer {
  return readFileSync(join(EXAMPLES, name));
}

/** Reads a text, in chunks where a size is given. */
export function readList(
  bytes: Buffer | string,
  { format, chunk = Infinity }: { readonly format?: ListFormat; readonly chunk?: number } = {},
): ReadList {
  const all: Entry[] = [];
  const reader = new ListReader({ format, takeEntry: (entry) => all.push(entry) });
  const whole = Buffer.from(bytes);
  for (let at = 0; at < whole.length; at += chunk) reader.write(whole.subarray(at, at + chunk));
  return { ...reader.end(), all, told: all.map((entry) => [rangeText(entry), entry.details]) };
}
