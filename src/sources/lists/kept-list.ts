/**
 * The copy of a list's last good content in LISTS/kept: a line of JSON, then the table. It has what it was made of, so
 * that a process that starts reads the list's file only where that has changed since.
 */
import * as v from 'valibot';
import { LIST_FORMATS } from '../../lists/list-format.ts';
import { decodeTable, encodeTable } from '../../lists/table/table-bytes.ts';
import { readJson } from '../../yaml/read-json.ts';
import type { ListContent } from './read-list.ts';

/** A content that was not believed. */
interface RefusedContent {
  readonly sha256: string;
  /** When its file was written, in milliseconds since 1970. */
  readonly modified: number;
}

export interface KeptList {
  /** The file or URL that it is from, as {@link sourceName} has it. */
  readonly source: string;
  /** Of the file as it was read, and of what it was read by. */
  readonly stamp: string;
  /** When the file was written, in milliseconds since 1970. */
  readonly modified: number;
  /** When this content was first read. */
  readonly takenAt: number;
  readonly content: ListContent;
  /** What the file held last that was refused as shrunk. */
  readonly refused: RefusedContent | undefined;
}

const headSchema = v.object({
  version: v.literal(1),
  source: v.string(),
  stamp: v.string(),
  modified: v.number(),
  takenAt: v.number(),
  facts: v.object({
    format: v.picklist(LIST_FORMATS),
    lines: v.number(),
    entries: v.number(),
    unread: v.number(),
    private: v.number(),
    tooWide: v.number(),
    sha256: v.string(),
  }),
  refused: v.nullable(v.object({ sha256: v.string(), modified: v.number() })),
  regions: v.array(v.tuple([v.pipe(v.string(), v.regex(/^ipv[46]\/[0-9a-f]{1,3}$/)), v.number()])),
});

/** Encodes it. */
export function encodeKept({ content, refused, ...kept }: KeptList): Uint8Array {
  const { regions, bytes } = encodeTable(content.table);
  const head = { version: 1, ...kept, facts: content.facts, refused: refused ?? null, regions };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), bytes]);
}

/** Undefined for what is none, such as one of another version. */
export function decodeKept(bytes: Uint8Array): KeptList | undefined {
  const end = bytes.indexOf(LINE_FEED);
  if (end < 0) return undefined;
  const head = readJson(headSchema, Buffer.from(bytes.subarray(0, end)).toString());
  if (head === undefined) return undefined;
  const { regions, facts, refused, source, stamp, modified, takenAt } = head;
  const table = decodeTable({ regions, bytes: bytes.subarray(end + 1) });
  if (table === undefined) return undefined;
  return {
    ...{ source, stamp, modified, takenAt },
    content: { facts, table },
    refused: refused ?? undefined,
  };
}

const LINE_FEED = 10;
