/**
 * FETCHED/NAME.json: what the fetcher notes of a list beside its content, FETCHED/NAME. It writes it, the controller,
 * status and doctor read it. Its URL is as shown, since others may read the file; `source` tells whether the content is
 * that of a URL.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { cut, printable } from '../domain/printable.ts';
import { readJson } from '../yaml/read-json.ts';
import { isoTime, parseUtc } from '../yaml/time.ts';

/** The file is that of the fetcher, which reads what servers say. */
const clean = v.pipe(
  v.string(),
  v.transform((text) => cut(printable(text), MOST_CHARACTERS)),
);

/** In milliseconds since 1970; null: never. */
const time = v.pipe(
  v.nullable(v.string()),
  v.transform((text) => (text === null ? null : (parseUtc(text) ?? null))),
);

const errorSchema = v.looseObject({ code: clean, text: clean });

const noteSchema = v.object({
  version: v.literal(1),
  url: clean,
  /** Of the whole URL; see {@link sourceOf}. */
  source: v.string(),
  etag: v.nullable(v.string()),
  lastModified: v.nullable(v.string()),
  /** When the content came. */
  fetchedAt: time,
  /** When the server said last that the content is the newest. */
  confirmedAt: time,
  /** Of the content. */
  bytes: v.nullable(v.number()),
  sha256: v.nullable(v.string()),
  /** When the server was last asked. */
  triedAt: time,
  /** Since when, and how often in a row, the server was asked in vain. */
  failures: v.number(),
  /** Of the last time; null: it went well. */
  error: v.nullable(errorSchema),
  /** When it is asked next. */
  nextTry: time,
});

export type FetchedNote = v.InferOutput<typeof noteSchema>;

const MOST_CHARACTERS = 400;

/** Of a note. */
const MOST_BYTES = 16 * 1024;

/** With the defaults of the packages. */
const PACKAGED = { lists: '/var/lib/banspool/lists', fetched: '/var/lib/banspool-fetch' };

/** The only folder that the fetcher writes to; of the packages beside that of the state, which it may not enter. */
export function fetchedFolder({ lists }: { readonly lists: string }): string {
  return lists === PACKAGED.lists ? PACKAGED.fetched : join(lists, 'fetched');
}

/** Where the content of a list is. */
export function contentPath(fetched: string, name: string): string {
  return join(fetched, name);
}

/** Where its note is. */
export function notePath(fetched: string, name: string): string {
  return `${contentPath(fetched, name)}.json`;
}

/** Undefined where there is none that can be read. */
export async function readNote(
  files: { readonly readAtMost: (path: string, bytes: number) => Promise<string | undefined> },
  fetched: string,
  name: string,
): Promise<FetchedNote | undefined> {
  const text = await files.readAtMost(notePath(fetched, name), MOST_BYTES).catch(() => undefined);
  return text === undefined ? undefined : decodeNote(text);
}

/** What is the same for a note and for the list of a policy while they mean the same URL. */
export function sourceOf(url: string): string {
  return createHash('sha256').update(url).digest('hex');
}

/** Undefined for what is no note, such as one of another version. */
export function decodeNote(text: string): FetchedNote | undefined {
  return readJson(noteSchema, text);
}

export function encodeNote(note: FetchedNote): string {
  const { fetchedAt, confirmedAt, triedAt, nextTry } = note;
  const times = Object.entries({ fetchedAt, confirmedAt, triedAt, nextTry }).map(([key, at]) => [
    key,
    at === null ? null : isoTime(at),
  ]);
  return `${JSON.stringify({ ...note, ...Object.fromEntries(times) }, null, 2)}\n`;
}
