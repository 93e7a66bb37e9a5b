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

export interface Wanted {
  /** Each once. */
  readonly rules: readonly string[];
  /** A rule stands behind all that rank lower; undefined: it should not stand at all. */
  readonly rankOf: (rule: string) => number | undefined;
}

/**
 * Keeps the longest run of rules whose ranks never fall. A delete by value takes the first rule of that value, so a
 * rule stays only if it stands once.
 */
export function reorder(present: readonly Present[], wanted: Wanted): Reordering {
  const kept = inOrder(present, wanted) ?? longestKept(present, wanted);
  const staying = new Set(kept);
  const keptTexts = new Set(kept.map((rule) => rule.text));
  return {
    kept: kept.flatMap((rule) => rule.text ?? []),
    deleted: present.filter((rule) => !staying.has(rule)).map(({ printed }) => printed),
    missing: wanted.rules.filter((rule) => !keptTexts.has(rule)),
  };
}

/** The usual case, in which all that stands may stay; undefined when not. */
function inOrder(present: readonly Present[], { rankOf }: Wanted): readonly Present[] | undefined {
  const seen = new Set<string>();
  let last = -1;
  for (const { text } of present) {
    const rank = text === undefined ? undefined : rankOf(text);
    if (text === undefined || rank === undefined || rank < last || seen.has(text)) return undefined;
    seen.add(text);
    last = rank;
  }
  return present;
}

function longestKept(present: readonly Present[], { rankOf }: Wanted): readonly Present[] {
  const times = new Map<string, number>();
  for (const { printed } of present) times.set(printed, (times.get(printed) ?? 0) + 1);
  const texts = new Set<string>();
  const candidates: { readonly rule: Present; readonly rank: number }[] = [];
  for (const rule of present) {
    const rank = rule.text === undefined ? undefined : rankOf(rule.text);
    if (rule.text === undefined || rank === undefined) continue;
    if (texts.has(rule.text) || times.get(rule.printed) !== 1) continue;
    texts.add(rule.text);
    candidates.push({ rule, rank });
  }
  return longestRun(candidates.map(({ rank }) => rank)).flatMap((index) => candidates[index]?.rule ?? []);
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
