/** What differs between two contents of one region, found by walking both at once: they are sorted. */
import { textAt, type Section } from './section.ts';
import type { NetPart } from './net-part.ts';

interface Difference {
  readonly added: (text: string) => void;
  readonly removed: (text: string) => void;
}

/** Tells each net that only one of them has. */
export function diffParts(before: NetPart, after: NetPart, { added, removed }: Difference): void {
  const [old, young] = [before.section, after.section];
  let [at, to] = [0, 0];
  while (at < old.size || to < young.size) {
    const order = compareAt({ section: old, at }, { section: young, at: to });
    if (order < 0) removed(textAt(old, at));
    if (order > 0) added(textAt(young, to));
    if (order <= 0) at += 1;
    if (order >= 0) to += 1;
  }
}

/** The one that has no more comes last. */
function compareAt(old: Place, young: Place): number {
  if (old.at >= old.section.size) return 1;
  if (young.at >= young.section.size) return -1;
  const [left, right] = [old.section.startAt(old.at), young.section.startAt(young.at)];
  if (left !== right) return left < right ? -1 : 1;
  return old.section.prefixAt(old.at) - young.section.prefixAt(young.at);
}

interface Place {
  readonly section: Section;
  readonly at: number;
}
