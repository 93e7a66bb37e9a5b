/** What a list says: who, and what stands beside it, which is a stranger's text. */
import type { Range } from './range.ts';

/** A range with what the list says of it. */
export type Entry = Range & { readonly details?: Details };

export interface Details {
  /** The comment, the reason or the scenario, without blanks at its ends; otherwise as it was written. */
  readonly reason?: string;
  /** The jail, of lists by jail. */
  readonly jail?: string;
  /** When it ends, in milliseconds since 1970; Infinity where the list says that it never does. */
  readonly until?: number;
  /** How long it lasts from when the list was made, in milliseconds, where the list says that and not when it ends. */
  readonly left?: number;
}

/** What a line comes to: an entry; nothing to read (a comment, a heading); or nothing that is understood. */
export type LineMeaning = Entry | 'nothing' | 'unread';

/**
 * Reads one line, each of whose characters is one byte, without its end; never throws. It may remember what it read
 * before, such as headings.
 */
export type LineParser = (line: string) => LineMeaning;
