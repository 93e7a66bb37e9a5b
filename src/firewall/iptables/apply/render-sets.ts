/**
 * Changes of sets as lines for `ipset -exist restore`. That is no transaction: each line takes effect by itself, in
 * this order, and what stood before a line that is refused stays done. So each line leaves nobody out who was in.
 */
import type { NewSet, SetChange, SetMember } from '../plan/change.ts';
import { COUNTERS, draftSetOf, SET_TYPE } from '../rules/set.ts';

/** A text that is never there at once. */
interface LongText {
  /** How many lines it has, at the most. */
  readonly lines: number;
  /** Makes them anew, some at a time. */
  readonly pieces: () => Iterable<string>;
}

/** The text for ipset. */
export function renderSets(changes: readonly SetChange[]): string {
  return Array.from(piecesOf(changes)).join('');
}

/** The same piece by piece: of a million members it would take 50 MB. */
export function longTextOf(changes: readonly SetChange[]): LongText {
  return {
    lines: changes.reduce((sum, change) => sum + countLines(change), 0),
    pieces: () => piecesOf(changes),
  };
}

function* piecesOf(changes: readonly SetChange[]): Generator<string, undefined> {
  let lines: string[] = [];
  for (const change of changes) {
    for (const line of linesOf(change)) {
      lines.push(`${line}\n`);
      if (lines.length < LINES_PER_PIECE) continue;
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
  return undefined;
}

/** A millisecond of work, and as much as a pipe holds. */
const LINES_PER_PIECE = 1_000;

/** At the most. */
function countLines(change: SetChange): number {
  switch (change.kind) {
    case 'make-set':
      return change.set.members.length + 3;
    case 'change-set':
      return change.added.length + change.refreshed.length + change.removed.length + 1;
    case 'destroy-set':
      return 1;
  }
}

function* linesOf(change: SetChange): Generator<string, undefined> {
  switch (change.kind) {
    case 'make-set':
      if (change.instead) yield* fillInstead(change.set);
      else yield* fill(change.set.name, change.set);
      break;
    case 'change-set': {
      const { set, added, refreshed, removed, isPlain, standing } = change;
      if (standing !== undefined && isLong(change))
        yield createLine(set, { ...standing, hasTimeouts: isPlain !== true });
      for (const member of added) yield addition(set, member, isPlain);
      for (const member of refreshed) yield addition(set, member, isPlain);
      for (const text of removed) yield `del ${set} ${text}`;
      break;
    }
    case 'destroy-set':
      yield `destroy ${change.set}`;
  }
}

/**
 * Of so many lines for a set that stands, its making stands ahead: of a set that the same run of ipset did not make it
 * asks the kernel again at each line (findings/ipset-restore-without-create.sh). Of fewer, the making costs more.
 */
const MANY = 20;

function isLong({ added, refreshed, removed }: ChangeSet): boolean {
  return added.length + refreshed.length + removed.length >= MANY;
}

type ChangeSet = Extract<SetChange, { readonly kind: 'change-set' }>;

/** The same without the making of a set that stands; the same object where that is not said anyway. */
export function byLinesAlone(change: SetChange): SetChange {
  if (change.kind !== 'change-set' || change.standing === undefined || !isLong(change)) return change;
  return { ...change, standing: undefined };
}

/** Rules look into whichever set has the name, before the swap as after it. */
function* fillInstead(set: NewSet): Generator<string, undefined> {
  const draft = draftSetOf(set.name);
  yield* fill(draft, set);
  yield `swap ${draft} ${set.name}`;
  yield `destroy ${draft}`;
}

function* fill(name: string, { family, capacity, members, isPlain }: NewSet): Generator<string, undefined> {
  const buckets = bucketsFor(members.length);
  yield createLine(name, {
    ...{ family, capacity, buckets, hasTimeouts: isPlain !== true, isCounted: isPlain !== true },
  });
  for (const member of members) yield addition(name, member, isPlain);
}

interface Make {
  readonly family: NewSet['family'];
  readonly capacity: number;
  readonly buckets?: number;
  readonly hasTimeouts: boolean;
  readonly isCounted: boolean;
}

/** A set that was made so already is left as it is, whatever buckets it has by now. */
function createLine(
  name: string,
  { family, capacity, buckets = MIN_BUCKETS, hasTimeouts, isCounted }: Make,
): string {
  const options = `family ${family} hashsize ${buckets} maxelem ${capacity}`;
  return `create ${name} ${SET_TYPE} ${options}${hasTimeouts ? ' timeout 0' : ''}${isCounted ? ` ${COUNTERS}` : ''}`;
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
