/**
 * Changes of sets as lines for `ipset -exist restore`. That is no transaction: each line takes effect by itself, in
 * this order, and what stood before a line that is refused stays done. So each line leaves nobody out who was in.
 */
import type { NewSet, SetChange, SetMember } from '../plan/change.ts';
import { COUNTERS, draftSetOf, SET_TYPE } from '../rules/set.ts';

/** The text for ipset. */
export function renderSets(changes: readonly SetChange[]): string {
  const pieces: string[] = [];
  let lines: string[] = [];
  for (const change of changes) {
    for (const line of linesOf(change)) {
      lines.push(line);
      if (lines.length < LINES_PER_PIECE) continue;
      pieces.push(pieceOf(lines));
      lines = [];
    }
  }
  return [...pieces, pieceOf(lines)].join('');
}

/** A million lines are never there at once, each as a string of its own. */
const LINES_PER_PIECE = 4_096;

function pieceOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function* linesOf(change: SetChange): Generator<string, undefined> {
  switch (change.kind) {
    case 'make-set':
      if (change.instead) yield* fillInstead(change.set);
      else yield* fill(change.set.name, change.set);
      break;
    case 'change-set':
      for (const member of change.added) yield addition(change.set, member, change.isPlain);
      for (const member of change.refreshed) yield addition(change.set, member, change.isPlain);
      for (const text of change.removed) yield `del ${change.set} ${text}`;
      break;
    case 'destroy-set':
      yield `destroy ${change.set}`;
  }
}

/** Rules look into whichever set has the name, before the swap as after it. */
function* fillInstead(set: NewSet): Generator<string, undefined> {
  const draft = draftSetOf(set.name);
  yield* fill(draft, set);
  yield `swap ${draft} ${set.name}`;
  yield `destroy ${draft}`;
}

function* fill(name: string, { family, capacity, members, isPlain }: NewSet): Generator<string, undefined> {
  const options = `family ${family} hashsize ${bucketsFor(members.length)} maxelem ${capacity}`;
  yield `create ${name} ${SET_TYPE} ${options}${isPlain === true ? '' : ` timeout 0 ${COUNTERS}`}`;
  for (const member of members) yield addition(name, member, isPlain);
}

/** One that stands already goes on counting. */
function addition(name: string, { text, timeout, counted }: SetMember, isPlain = false): string {
  if (isPlain) return `add ${name} ${text}`;
  const counts = counted === undefined ? '' : ` packets ${counted.packets} bytes ${counted.bytes}`;
  return `add ${name} ${text} timeout ${timeout}${counts}`;
}

/** ipset's default, which it doubles as members come: making it anew again and again would slow the filling. */
const MIN_BUCKETS = 1_024;

/** A bucket has room for some members before the kernel doubles their number (AHASH_INIT_SIZE 2, AHASH_MAX 12). */
const MEMBERS_PER_BUCKET = 4;

function bucketsFor(members: number): number {
  return Math.max(MIN_BUCKETS, 2 ** Math.ceil(Math.log2(Math.max(1, members / MEMBERS_PER_BUCKET))));
}
