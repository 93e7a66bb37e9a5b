/**
 * Times from one moment to another, in milliseconds since 1970, as flat lists: from, to, from, to. Pure. What comes out
 * is in order, and no two of them touch.
 */
export type Spans = readonly number[];

export const NEVER: Spans = [];

/** All times that are in one of them. */
export function union(spans: Spans): Spans {
  if (spans.length <= 2) return spans;
  const starts = Array.from({ length: spans.length / 2 }, (_, index) => index * 2);
  starts.sort((a, b) => (spans[a] ?? 0) - (spans[b] ?? 0));
  const all: number[] = [];
  for (const at of starts) {
    const [from = 0, to = 0] = [spans[at], spans[at + 1]];
    const last = all.at(-1);
    if (last === undefined || from > last) all.push(from, to);
    else if (to > last) all[all.length - 1] = to;
  }
  return all;
}

/** The times of `spans` that are in none of `others`; both are in order, as {@link union} makes them. */
export function without(spans: Spans, others: Spans): Spans {
  if (others.length === 0) return spans;
  const left: number[] = [];
  let first = 0;
  for (let at = 0; at < spans.length; at += 2) {
    const [start = 0, to = 0] = [spans[at], spans[at + 1]];
    let from = start;
    while (first < others.length && (others[first + 1] ?? 0) <= from) first += 2;
    for (let other = first; other < others.length && (others[other] ?? 0) < to; other += 2) {
      const next = others[other] ?? 0;
      if (next > from) left.push(from, next);
      from = Math.max(from, others[other + 1] ?? 0);
    }
    if (from < to) left.push(from, to);
  }
  return left;
}

/** How long all of them are, in milliseconds; none may be in another. */
export function lengthOf(spans: Spans): number {
  let length = 0;
  for (let at = 0; at < spans.length; at += 2) length += (spans[at + 1] ?? 0) - (spans[at] ?? 0);
  return length;
}
