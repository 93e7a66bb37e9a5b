/**
 * Reads the feed of events. In: the folder, and a cursor, which says how far it was read; whoever keeps the cursor goes
 * on there after a restart. Out: the events from there on, and the new cursor. It survives files that went and came,
 * and says when some may have gone unread.
 */
import { join } from 'node:path';
import { readPart, segmentsIn, type Part } from '../system/files/segments.ts';
import { parseEventLine, type FeedEvent } from './event.ts';

export interface Cursor {
  /** The name of a file in the folder; empty: none was ever read. */
  readonly segment: string;
  /** Bytes of it that are read. */
  readonly offset: number;
}

/** Where nothing is read yet. */
export const BEGINNING: Cursor = { segment: '', offset: 0 };

interface Followed {
  /** Oldest first. */
  readonly events: readonly FeedEvent[];
  readonly cursor: Cursor;
  /** True when events may have gone unread, nobody knows how many: a file is gone, such as after a boot. */
  readonly lost: boolean;
}

/** Of one file: as long as any that is written, with a line that is longer by itself. */
const MOST_BYTES = 2 * 1024 * 1024;

/** Enough for the last few hundred events. */
const TAIL_BYTES = 128 * 1024;

/** All that came since. It reads what is new and no more. */
export function readOn(folder: string, cursor: Cursor): Followed {
  const segments = segmentsIn(folder);
  const known = segments.indexOf(cursor.segment);
  const isGone = known === -1 && cursor.segment !== '';
  const events: FeedEvent[] = [];
  let at: Cursor = known === -1 ? BEGINNING : cursor;
  let lost = isGone;
  for (const segment of segments.slice(Math.max(0, known))) {
    const from = segment === at.segment ? at.offset : 0;
    let part: Part | undefined = readPart(join(folder, segment), from, MOST_BYTES);
    // It is another file than it was.
    const isShorter = part !== undefined && part.size < from;
    if (isShorter) part = readPart(join(folder, segment), 0, MOST_BYTES);
    const start = isShorter ? 0 : from;
    const { size = 0 } = part ?? {};
    const isTooLong = size - start > MOST_BYTES;
    lost ||= isShorter || isTooLong;
    const whole = wholeLines(part);
    for (const event of eventsIn(whole)) events.push(event);
    at = { segment, offset: isTooLong ? size : start + whole.length };
  }
  return { events, cursor: at, lost };
}

/** The cursor of who wants to hear only of what is to come. */
export function endOfFeed(folder: string): Cursor {
  const segment = segmentsIn(folder).at(-1);
  if (segment === undefined) return BEGINNING;
  const part = readPart(join(folder, segment), -TAIL_BYTES, TAIL_BYTES);
  // Half a line belongs to what is to come.
  const offset = part === undefined ? 0 : part.size - part.bytes.length + wholeLines(part).length;
  return { segment, offset };
}

/** The newest, oldest of them first. */
export function lastEvents(folder: string, most: number): readonly FeedEvent[] {
  let events: readonly FeedEvent[] = [];
  for (const segment of [...segmentsIn(folder)].reverse()) {
    const part = readPart(join(folder, segment), -TAIL_BYTES, TAIL_BYTES);
    events = [...eventsIn(wholeLines(part)), ...events].slice(-most);
    if (events.length >= most) break;
  }
  return events;
}

/** Up to the last end of a line: what follows is being written, or was cut off. */
function wholeLines(part: Part | undefined): Buffer {
  return part === undefined ? Buffer.alloc(0) : part.bytes.subarray(0, part.bytes.lastIndexOf('\n') + 1);
}

/** Half a line, and an event of a later version, is passed over. */
function eventsIn(lines: Buffer): readonly FeedEvent[] {
  return lines
    .toString('utf8')
    .split('\n')
    .flatMap((line) => parseEventLine(line) ?? []);
}
