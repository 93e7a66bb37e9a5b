/**
 * Reads the file of a list: in come its bytes, piece by piece, out comes a table of what it bans, or why it is none.
 * All else has its turn between two pieces, and nothing of the text is kept.
 */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { countText, numberText } from '../../domain/words.ts';
import { NetJudge, type Spared } from '../../lists/judge/net-judge.ts';
import type { ListFormat } from '../../lists/list-format.ts';
import { ListReader, type Reading } from '../../lists/list-reader.ts';
import type { NetTable } from '../../lists/table/net-table.ts';
import { TableBuilder } from '../../lists/table/table-builder.ts';
import { errnoOf, messageOf } from '../../system/error.ts';
import type { Files } from '../../system/files/files.ts';

/** What was found in a file. */
export interface ListFacts {
  readonly format: ListFormat;
  readonly lines: number;
  /** Lines that were understood. */
  readonly entries: number;
  /** Lines that were not. */
  readonly unread: number;
  /** Entries that no firewall is asked to drop. */
  readonly private: number;
  readonly tooWide: number;
  readonly sha256: string;
}

export interface ListContent {
  readonly facts: ListFacts;
  readonly table: NetTable;
}

/** Why a file does not count. */
export interface BadList {
  readonly reason: 'Missing' | 'Empty' | 'Unreadable' | 'TooLong';
  /** Behind the name of its file. */
  readonly words: string;
}

export type ReadList =
  { readonly kind: 'read'; readonly content: ListContent } | ({ readonly kind: 'bad' } & BadList);

interface ReadListOptions {
  /** Undefined: it is recognised. */
  readonly format: ListFormat | undefined;
  /** The most entries. */
  readonly max: number;
  /** Regions that hold the same are taken from it. */
  readonly before: NetTable | undefined;
}

/** Lines that nobody understands are no entries, and must have an end too. */
const MOST_BYTES_PER_ENTRY = 1_000;
const MIN_BYTES = 16 * 1024 * 1024;

/** How long the table is made without a stop, in milliseconds. */
const SLICE_MS = 5;

/** Reads; a file that is being written meanwhile may come to a part of it. */
export async function readList(
  files: Pick<Files, 'readPieces'>,
  path: string,
  options: ReadListOptions,
): Promise<ReadList> {
  const { format, max, before } = options;
  const builder = new TableBuilder();
  const judge = new NetJudge({
    own: [],
    allowed: [],
    takeRange: (range) => {
      builder.add(range);
    },
  });
  let entries = 0;
  const reader = new ListReader({
    format,
    takeEntry: (entry) => {
      entries += 1;
      judge.judge(entry);
    },
  });
  // A range of addresses may take two hundred nets.
  const isTooLong = (): boolean => Math.max(entries, builder.most) > max;
  const hash = createHash('sha256');
  try {
    let bytes = 0;
    for await (const piece of files.readPieces(path)) {
      hash.update(piece);
      bytes += piece.length;
      reader.write(piece);
      if (isTooLong() || bytes > Math.max(MIN_BYTES, max * MOST_BYTES_PER_ENTRY)) return tooLong(max);
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { kind: 'bad', reason: 'Missing', words: 'is missing' };
    return { kind: 'bad', reason: 'Unreadable', words: `cannot be read: ${messageOf(error)}` };
  }
  const reading = reader.end();
  if (isTooLong()) return tooLong(max);
  const bad = badnessOf(reading);
  if (bad !== undefined) return { kind: 'bad', ...bad };
  const table = await build(builder, before);
  return { kind: 'read', content: { facts: factsOf(reading, judge.spared, hash.digest('hex')), table } };
}

function tooLong(max: number): ReadList {
  return {
    kind: 'bad',
    reason: 'TooLong',
    words: `has more than ${numberText(max)} entries; fix: raise its max`,
  };
}

function badnessOf({ entries, unread, format }: Reading): BadList | undefined {
  if (entries === 0 && unread.count === 0) return { reason: 'Empty', words: 'has no entry' };
  if (format !== undefined && entries >= unread.count) return undefined;
  const [example] = unread.examples;
  const shown = example === undefined ? '' : `, such as line ${example.line}: "${example.text}"`;
  const what = `${countText(unread.count, 'line')} of it ${unread.count === 1 ? 'is' : 'are'} not understood`;
  return { reason: 'Unreadable', words: `${what}, ${numberText(entries)} are${shown}` };
}

async function build(builder: TableBuilder, before: NetTable | undefined): Promise<NetTable> {
  const slices = builder.buildInSlices(before);
  for (let since = performance.now(); ;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    if (performance.now() - since < SLICE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
}

function factsOf({ format, lines, entries, unread }: Reading, spared: Spared, sha256: string): ListFacts {
  const counts = { private: spared.private.count, tooWide: spared.tooWide.count };
  return { format: format ?? 'plain', lines, entries, unread: unread.count, ...counts, sha256 };
}
