/** What state a delivered file of the spool is in: whole, still growing, or nothing that will ever be an intent. */
import type { Refusal } from '../domain/refusals.ts';
import type { SpoolEntry, SpoolRead } from '../system/files/spool-files.ts';
import { INTENT_NAME } from './sweep.ts';

export type FileState =
  | { readonly kind: 'whole'; readonly bytes: Buffer; readonly stamp: string; readonly changedAt: number }
  /** Left alone until `until`; a change of the file begins it anew. */
  | { readonly kind: 'growing'; readonly until: number; readonly stamp: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'forbidden'; readonly reason: string }
  | { readonly kind: 'gone' };

/** A transfer that stands still for this long was cut. */
export const INCOMPLETE_MS = 60_000;

/** Judges what was read; its age counts from the last change of the inode, which a sender cannot set. */
export function fileStateOf(entry: SpoolEntry, read: SpoolRead, now: number): FileState {
  if (!INTENT_NAME.test(entry.name)) {
    return { kind: 'refused', refusal: { code: 'wrong-name' } };
  }
  switch (read.kind) {
    case 'gone':
    case 'forbidden':
      return read;
    case 'odd':
      return { kind: 'refused', refusal: { code: 'odd', what: read.what } };
    case 'bytes': {
      if (END.test(read.bytes.subarray(-8).toString('latin1'))) {
        return { kind: 'whole', bytes: read.bytes, stamp: read.stamp, changedAt: read.changedAt };
      }
      const until = read.changedAt + INCOMPLETE_MS;
      if (now < until) return { kind: 'growing', until, stamp: read.stamp };
      const seconds = Math.round((now - read.changedAt) / 1000);
      return { kind: 'refused', refusal: { code: 'incomplete', seconds } };
    }
  }
}

/** The end marker: a line of three dots that nothing but a line feed follows. */
const END = /(^|\n)\.\.\.\r?\n?$/;
