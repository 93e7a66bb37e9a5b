/** Merges entries that overlap or touch into the fewest that hold the same addresses. */
import { contains, joinHalves } from '../domain/net.ts';
import { joinEntries, type Entry } from './entry.ts';

/** Entries that are looked at without anybody else having a turn. */
const AT_ONCE = 1_000;

/** Of entries in the order of compareNets. A merged one ends with the last of those in it, and has all their jails. */
export function* aggregate(entries: readonly Entry[]): Generator<undefined, readonly Entry[]> {
  const merged: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) yield;
    const last = merged.at(-1);
    if (last !== undefined && contains(last.net, entry.net)) {
      merged[merged.length - 1] = joinEntries(last.net, last, entry);
      continue;
    }
    merged.push(entry);
    mergeTop(merged);
  }
  return merged;
}

/** As long as the last two are the halves of one net. */
function mergeTop(merged: Entry[]): void {
  for (;;) {
    const [lower, upper] = [merged.at(-2), merged.at(-1)];
    if (lower === undefined || upper === undefined) return;
    const net = joinHalves(lower.net, upper.net);
    if (net === undefined) return;
    merged.splice(-2, 2, joinEntries(net, lower, upper));
  }
}
