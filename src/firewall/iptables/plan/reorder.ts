/** Which rules of a list may stay so that it comes into order, and which must go and come. */
import type { Rule } from '../rules/rule.ts';

export interface PresentRule {
  /** Undefined for one that may not stay where it is. */
  readonly rule: Rule | undefined;
  readonly printed: string;
}

export interface Reordering {
  /** Stay untouched, with their counters. */
  readonly kept: readonly Rule[];
  /** As printed; a rule that stands twice is deleted twice. */
  readonly deleted: readonly string[];
  readonly missing: readonly Rule[];
}

export interface WantedOrder {
  /** Each once. */
  readonly rules: readonly Rule[];
  /** A rule stands behind all that rank lower; undefined: it should not stand at all. */
  readonly rankOf: (rule: Rule) => number | undefined;
}

/**
 * Keeps the longest run of rules whose ranks never fall. A delete by value takes the first rule of that value, so a
 * rule stays only if it stands once.
 */
export function reorder(present: readonly PresentRule[], wanted: WantedOrder): Reordering {
  const kept = inOrder(present, wanted) ?? longestKept(present, wanted);
  return {
    kept: kept.flatMap(({ rule }) => rule ?? []),
    deleted: withoutKept(present, kept).map(({ printed }) => printed),
    missing: missingOf(wanted.rules, kept),
  };
}

function withoutKept(present: readonly PresentRule[], kept: readonly PresentRule[]): readonly PresentRule[] {
  if (kept.length === present.length) return [];
  const staying = new Set(kept);
  return present.filter((each) => !staying.has(each));
}

/** What is kept is wanted, and each once: as many as are wanted are all of them. */
function missingOf(wanted: readonly Rule[], kept: readonly PresentRule[]): readonly Rule[] {
  if (kept.length === wanted.length) return [];
  const texts = new Set(kept.map(({ rule }) => rule?.text));
  return wanted.filter(({ text }) => !texts.has(text));
}

/** The usual case, in which all that stands may stay; undefined when not. */
function inOrder(
  present: readonly PresentRule[],
  { rankOf }: WantedOrder,
): readonly PresentRule[] | undefined {
  const seen = new Set<string>();
  let last = -1;
  for (const { rule } of present) {
    const rank = rule === undefined ? undefined : rankOf(rule);
    if (rule === undefined || rank === undefined || rank < last || seen.has(rule.text)) return undefined;
    seen.add(rule.text);
    last = rank;
  }
  return present;
}

function longestKept(present: readonly PresentRule[], { rankOf }: WantedOrder): readonly PresentRule[] {
  const times = new Map<string, number>();
  for (const { printed } of present) times.set(printed, (times.get(printed) ?? 0) + 1);
  const texts = new Set<string>();
  const candidates: { readonly each: PresentRule; readonly rank: number }[] = [];
  for (const each of present) {
    const rank = each.rule === undefined ? undefined : rankOf(each.rule);
    if (each.rule === undefined || rank === undefined) continue;
    if (texts.has(each.rule.text) || times.get(each.printed) !== 1) continue;
    texts.add(each.rule.text);
    candidates.push({ each, rank });
  }
  return longestRun(candidates.map(({ rank }) => rank)).flatMap((index) => candidates[index]?.each ?? []);
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
