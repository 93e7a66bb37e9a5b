/**
 * What all forms of an export share. In: entries in order, each once. Out: the text in parts of a thousand lines, so
 * that others have a turn in between. The same entries give the same bytes: no form holds when it was made.
 */
import { createHash } from 'node:crypto';
import type { Family } from '../../domain/net.ts';
import type { Entry } from '../entry.ts';

export interface Export {
  /** The name of its file. */
  readonly file: string;
  readonly families: readonly Family[];
  readonly entries: readonly Entry[];
}

/** Writes an export as its receiver reads it. */
export type Form = (made: Export) => Generator<string>;

const AT_ONCE = 1_000;

/** A line for each entry, of one family or of all, in parts. */
export function* linesOf(
  entries: readonly Entry[],
  line: (entry: Entry) => string,
  family?: Family,
): Generator<string> {
  let part = '';
  let count = 0;
  for (const entry of entries) {
    if (family !== undefined && entry.net.family !== family) continue;
    part += `${line(entry)}\n`;
    count += 1;
    if (count % AT_ONCE !== 0) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}

/** Says in a comment whose file it is. */
export function head({ file }: Pick<Export, 'file'>): string {
  return `# ${file}, written by banspool. It replaces this file whenever the bans in it change.\n`;
}

/** Of two sets at once, IPv4 and IPv6, and of what is loaded beside each, ipset takes 31 characters. */
const MOST_CHARACTERS = 17;

/**
 * What a table, a set or a list on the receiver is called: `banspool_` and the file's name without what follows its
 * last dot. A name that is too long, or has a dot or a dash, is cut and hashed.
 */
export function nameOf({ file }: Pick<Export, 'file'>): string {
  const stem = file.replace(/(.)\.[^.]*$/, '$1');
  if (/^[A-Za-z0-9_]+$/.test(stem) && stem.length <= MOST_CHARACTERS) return `banspool_${stem}`;
  const hash = createHash('sha256').update(file).digest('hex').slice(0, 6);
  const clean = stem.replace(/[^A-Za-z0-9_]/g, '_').slice(0, MOST_CHARACTERS - 1 - hash.length);
  return `banspool_${clean}_${hash}`;
}
