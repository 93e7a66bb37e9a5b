/**
 * Changes of sets as lines for `ipset -exist restore`. That is no transaction: each line takes effect by itself, in
 * this order, and what stood before a line that is refused stays done. So each line leaves nobody out who was in.
 */
import type { NewSet, SetChange, SetMember } from '../plan/change.ts';
import { COUNTERS, draftSetOf, SET_TYPE } from '../rules/set.ts';

/** The text for ipset. */
export function renderSets(changes: readonly SetChange[]): string {
  return [...changes.flatMap(linesOf), ''].join('\n');
}

function linesOf(change: SetChange): readonly string[] {
  switch (change.kind) {
    case 'make-set':
      return change.instead ? fillInstead(change.set) : fill(change.set.name, change.set);
    case 'change-set':
      return [
        ...[...change.added, ...change.refreshed].map((member) => addition(change.set, member)),
        ...change.removed.map((text) => `del ${change.set} ${text}`),
      ];
    case 'destroy-set':
      return [`destroy ${change.set}`];
  }
}

/** Rules look into whichever set has the name, before the swap as after it. */
function fillInstead(set: NewSet): readonly string[] {
  const draft = draftSetOf(set.name);
  return [...fill(draft, set), `swap ${draft} ${set.name}`, `destroy ${draft}`];
}

function fill(name: string, { family, capacity, members }: NewSet): readonly string[] {
  const options = `family ${family} hashsize ${bucketsFor(members.length)} maxelem ${capacity} timeout 0 ${COUNTERS}`;
  return [`create ${name} ${SET_TYPE} ${options}`, ...members.map((member) => addition(name, member))];
}

/** One that stands already goes on counting. */
function addition(name: string, { text, timeout, counted }: SetMember): string {
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
