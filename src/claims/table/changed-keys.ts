/** Which claims differ between two tables, found by a walk along both at once: nothing is made of those that do not. */
import { NO_COLUMNS, type Columns } from './columns.ts';
import type { ClaimTable } from './claim-table.ts';
import { sayingKey } from './saying.ts';

/** Keys of all claims that only one of them has, or that are another in each. */
export function changedKeys(
  before: ClaimTable | undefined,
  after: ClaimTable | undefined,
): ReadonlySet<string> {
  const keys = new Set<string>();
  const [old, young] = [before?.columns ?? NO_COLUMNS, after?.columns ?? NO_COLUMNS];
  const isSame = sameRow(old, young);
  for (let [at, to] = [0, 0]; at < old.addresses.length || to < young.addresses.length;) {
    if (isSame(at, to)) {
      at += 1;
      to += 1;
      continue;
    }
    const [left = Infinity, right = Infinity] = [old.addresses[at], young.addresses[to]];
    // All rows of an address, whichever of them differ.
    const address = Math.min(left, right);
    for (; old.addresses[at] === address; at += 1) addKey(keys, before, at);
    for (; young.addresses[to] === address; to += 1) addKey(keys, after, to);
  }
  for (const [key, claim] of before?.others ?? []) if (after?.others.get(key) !== claim) keys.add(key);
  for (const [key, claim] of after?.others ?? []) if (before?.others.get(key) !== claim) keys.add(key);
  return keys;
}

function addKey(keys: Set<string>, table: ClaimTable | undefined, row: number): void {
  if (table !== undefined) keys.add(table.keyAt(row));
}

function sameRow(old: Columns, young: Columns): (at: number, to: number) => boolean {
  const places = new Map(young.sayings.map((saying, place) => [sayingKey(saying), place]));
  const placeIn = old.sayings.map((saying) => places.get(sayingKey(saying)));
  return (at, to) =>
    at < old.addresses.length &&
    old.addresses[at] === young.addresses[to] &&
    placeIn[old.said[at] ?? 0] === young.said[to] &&
    old.since[at] === young.since[to] &&
    old.until[at] === young.until[to] &&
    old.heard[at] === young.heard[to];
}
