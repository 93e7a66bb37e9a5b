/**
 * Changes of sets as lines for `ipset -exist restore`. That is no transaction: each line takes effect by itself, in
 * this order, and what stood before a line that is refused stays done. So each line leaves nobody out who was in.
 */
import type { NewSet, SetChange, SetMember } from '../plan/change.ts';
import { COUNTERS, draftSetOf, SET_TYPE } from '../rules/set.ts';

/** The text for ipset. */
export function renderSets(changes: readonly SetChange[]): string {
  return Array.from(piecesOfSets(changes)).join('');
}

/**
 * The same, made piece by piece for one run of ipset after the other: the text of a million members would take 50 MB,
 * and hold up all else while it is made.
 */
export function* piecesOfSets(changes: readonly SetChange[]): Generator<string, undefined> {
  let lines: string[] = [];
  for (const change of changes) {
    for (const { line, opening } of linesOf(change)) {
      if (lines.length === 0 && opening !== undefined) lines.push(`${opening}\n`);
      lines.push(`${line}\n`);
      if (lines.length < LINES_PER_PIECE) continue;
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
  return undefined;
}

/** Some milliseconds of work, and one megabyte. */
const LINES_PER_PIECE = 20_000;

interface Step {
  readonly line: string;
  /**
   * What stands ahead of it where a piece begins with it: a set's making, again. To add a member takes the kernel a
   * third of the time where the same run of ipset made the set (ipset 7.17), even if it stood already.
   */
  readonly opening?: string;
}

function* linesOf(change: SetChange): Generator<Step, undefined> {
  switch (change.kind) {
    case 'make-set':
      if (change.instead) yield* fillInstead(change.set);
      else yield* fill(change.set.name, change.set);
      break;
    case 'change-set':
      for (const member of change.added) yield { line: addition(change.set, member, change.isPlain) };
      for (const member of change.refreshed) yield { line: addition(change.set, member, change.isPlain) };
      for (const text of change.removed) yield { line: `del ${change.set} ${text}` };
      break;
    case 'destroy-set':
      yield { line: `destroy ${change.set}` };
  }
}

/** Rules look into whichever set has the name, before the swap as after it. */
function* fillInstead(set: NewSet): Generator<Step, undefined> {
  const draft = draftSetOf(set.name);
  yield* fill(draft, set);
  yield { line: `swap ${draft} ${set.name}` };
  yield { line: `destroy ${draft}` };
}

function* fill(name: string, { family, capacity, members, isPlain }: NewSet): Generator<Step, undefined> {
  const options = `family ${family} hashsize ${bucketsFor(members.length)} maxelem ${capacity}`;
  const opening = `create ${name} ${SET_TYPE} ${options}${isPlain === true ? '' : ` timeout 0 ${COUNTERS}`}`;
  yield { line: opening };
  for (const member of members) yield { line: addition(name, member, isPlain), opening };
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
