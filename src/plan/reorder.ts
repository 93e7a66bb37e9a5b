/** Which rules of a list may stay so that it comes into order, and which must go and come. */

export interface Present {
  /** In our own form; undefined for one that may not stay where it is. */
  readonly text: string | undefined;
  readonly printed: string;
}

export interface Reordering {
  /** Stay untouched, with their counters. */
  readonly kept: readonly string[];
  /** As printed; a rule that stands twice is deleted twice. */
  readonly deleted: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Keeps the longest run of rules whose ranks never fall. A delete by value takes the first rule of that value, so a
 * rule stays only if it stands once.
 */
export function reorder(present: readonly Present[], ranks: ReadonlyMap<string, number>): Reordering {
  const times = new Map<string, number>();
  for (const { printed } of present) times.set(printed, (times.get(printed) ?? 0) + 1);
  const texts = new Set<string>();
  const candidates = present.filter(({ text, printed }) => {
    if (text === undefined || !ranks.has(text) || texts.has(text) || times.get(printed) !== 1) return false;
    texts.add(text);
    return true;
  });
  const kept = longestRun(candidates.map(({ text }) => ranks.get(text ?? '') ?? 0)).map(
    (index) => candidates[index],
  );
  const staying = new Set(kept);
  const keptTexts = new Set(kept.map((rule) => rule?.text));
  return {
    kept: kept.flatMap((rule) => rule?.text ?? []),
    deleted: present.filter((rule) => !staying.has(rule)).map(({ printed }) => printed),
    missing: Array.from(ranks.keys()).filter((rule) => !keptTexts.has(rule)),
  };
}

/** Indices of a longest subsequence that never falls (patience sorting, n log n). */
function longestRun(values: readonly number[]): readonly number[] {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  for (const [index, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((values[tails[middle] ?? 0] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    previous[index] = tails[low - 1];
    tails[low] = index;
  }
  const run: number[] = [];
  for (let at = tails.at(-1); at !== undefined; at = previous[at]) run.push(at);
  return run.reverse();
}
