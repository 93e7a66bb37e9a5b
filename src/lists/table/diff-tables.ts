/** What differs between two tables, net by net: parts that are the same object are not looked at. */
import { FAMILIES, type Net } from '../../domain/net.ts';
import type { NetPart } from './net-part.ts';
import type { NetTable } from './net-table.ts';
import { netAt, type Section } from './section.ts';

export interface TableChange {
  readonly kind: 'added' | 'removed';
  readonly net: Net;
}

/** Each net that only one of them has; one that became part of a wider one is removed, and that one added. */
export function* diffTables(before: NetTable, after: NetTable): Generator<TableChange, undefined> {
  for (const place of placesThatDiffer(before, after))
    yield { kind: place.kind, net: netAt(place.section, place.place) };
  return undefined;
}

/** How many those are: a million are counted without a text for any. */
export function countChanges(
  before: NetTable,
  after: NetTable,
): Readonly<Record<TableChange['kind'], number>> {
  const counts = { added: 0, removed: 0 };
  for (const { kind } of placesThatDiffer(before, after)) counts[kind] += 1;
  return counts;
}

interface Place {
  readonly kind: TableChange['kind'];
  readonly section: Section;
  readonly place: number;
}

function* placesThatDiffer(before: NetTable, after: NetTable): Generator<Place> {
  for (const family of FAMILIES) {
    const [old, now] = [before.parts(family), after.parts(family)];
    for (const [region, part] of now) if (part !== old.get(region)) yield* differing(old.get(region), part);
    for (const [region, part] of old) if (!now.has(region)) yield* differing(part, undefined);
  }
}

/** Both are sorted, so that one look at each net is enough. */
function* differing(before: NetPart | undefined, after: NetPart | undefined): Generator<Place> {
  let [old, now] = [0, 0];
  for (;;) {
    const [oldKey, nowKey] = [keyAt(before, old), keyAt(after, now)];
    if (oldKey === undefined && nowKey === undefined) return;
    const order = compareKeys(oldKey, nowKey);
    if (order < 0 && before !== undefined) yield { kind: 'removed', section: before.section, place: old };
    if (order > 0 && after !== undefined) yield { kind: 'added', section: after.section, place: now };
    if (order <= 0) old += 1;
    if (order >= 0) now += 1;
  }
}

interface Key {
  readonly start: number | bigint;
  readonly prefix: number;
}

function keyAt(part: NetPart | undefined, place: number): Key | undefined {
  if (part === undefined || place >= part.size) return undefined;
  return { start: part.section.startAt(place), prefix: part.section.prefixAt(place) };
}

/** What is not there comes last. */
function compareKeys(one: Key | undefined, other: Key | undefined): number {
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  if (one.start !== other.start) return one.start < other.start ? -1 : 1;
  return one.prefix - other.prefix;
}
