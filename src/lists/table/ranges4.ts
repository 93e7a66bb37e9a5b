/**
 * Gathers ranges of IPv4, and makes them sections: sorted, merged, and split into the fewest nets. Ranges are kept by
 * first octet, since no net crosses one, so that the work can be done in 256 slices.
 */
import { GrowingNumbers } from './growing.ts';
import { LITTLE_ENDIAN } from './little-endian.ts';
import { netSize4 } from './next-net.ts';
import { Section4 } from './section.ts';
import type { Range4 } from '../range.ts';

export class Ranges4 {
  /** By first octet; of each range its two ends, in the order in which a range is one sortable number. */
  readonly #octets = new Map<number, GrowingNumbers>();

  add({ first, last }: Range4): void {
    for (let octet = first >>> 24; octet <= last >>> 24; octet += 1) {
      let ranges = this.#octets.get(octet);
      if (ranges === undefined) this.#octets.set(octet, (ranges = new GrowingNumbers()));
      const from = Math.max(first, octet * OCTET);
      const to = Math.min(last, octet * OCTET + OCTET - 1);
      ranges.push(LITTLE_ENDIAN ? to : from);
      ranges.push(LITTLE_ENDIAN ? from : to);
    }
  }

  /** The octets that have ranges, in order. */
  octets(): readonly number[] {
    return Array.from(this.#octets.keys()).sort((a, b) => a - b);
  }

  /** The nets of one octet, whose ranges are then forgotten. */
  takeSection(octet: number): Section4 {
    const ends = this.#octets.get(octet)?.view().slice() ?? new Uint32Array();
    this.#octets.delete(octet);
    // As numbers of 64 bits the engine sorts them itself, by their first address.
    new BigUint64Array(ends.buffer).sort();
    const [starts, prefixes] = [new GrowingNumbers(), new GrowingNumbers()];
    for (const { first, last } of merged(ends)) {
      for (let at = first; at <= last;) {
        const size = netSize4(at, last);
        starts.push(at);
        prefixes.push(Math.clz32(size) + 1);
        at += size;
      }
    }
    return new Section4(starts.view().slice(), Uint8Array.from(prefixes.view()));
  }
}

/** Sorted ranges, those that overlap or touch made one. */
function* merged(ends: Uint32Array): Generator<{ readonly first: number; readonly last: number }> {
  const [from, to] = LITTLE_ENDIAN ? [1, 0] : [0, 1];
  let [first, last] = [ends[from] ?? 0, ends[to] ?? 0];
  for (let at = 2; at < ends.length; at += 2) {
    const [nextFirst, nextLast] = [ends[at + from] ?? 0, ends[at + to] ?? 0];
    if (nextFirst > last + 1) {
      yield { first, last };
      [first, last] = [nextFirst, nextLast];
    } else if (nextLast > last) last = nextLast;
  }
  if (ends.length > 0) yield { first, last };
}

const OCTET = 2 ** 24;
