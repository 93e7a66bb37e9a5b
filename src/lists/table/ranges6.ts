/**
 * Gathers ranges of IPv6, and makes them sections by region: sorted, merged, and split into the fewest nets that are
 * not wider than a /16.
 */
import { FULL_PREFIX } from '../../domain/net.ts';
import { GrowingBigs, GrowingNumbers } from './growing.ts';
import { hostBits6 } from './next-net.ts';
import { region6 } from './region6.ts';
import { Section6 } from './section.ts';
import { NUMBERS, sortedPlaces } from './sorted-places.ts';
import type { Range6 } from '../range.ts';

export class Ranges6 {
  /** Of each range four numbers: the upper and lower 64 bits of its first address, then those of its last. */
  readonly #ends = new GrowingBigs();

  add({ first, last }: Range6): void {
    for (const end of [first, last]) {
      this.#ends.push(end >> 64n);
      this.#ends.push(BigInt.asUintN(64, end));
    }
  }

  /** The nets of all regions; it stops now and then, so that others may work meanwhile. */
  *takeSections(): Generator<undefined, ReadonlyMap<string, Section6>> {
    const ends = this.#ends.view();
    const order = yield* sortedPlaces(ends);
    const regions = new Map<string, Section6Maker>();
    let next = SLICE;
    for (const { first, last, seen } of merged(ends, order)) {
      for (let at = first; at <= last;) {
        const hostBits = hostBits6(at, last);
        const region = region6(at);
        let maker = regions.get(region);
        if (maker === undefined) regions.set(region, (maker = new Section6Maker()));
        maker.push(at, FULL_PREFIX.ipv6 - hostBits);
        at += 1n << BigInt(hostBits);
      }
      if (seen < next) continue;
      next = seen + SLICE;
      yield;
    }
    const sections = new Map<string, Section6>();
    for (const [region, maker] of Array.from(regions).sort(([a], [b]) => (a < b ? -1 : 1))) {
      sections.set(region, maker.make());
      if (maker.size > SLICE) yield;
    }
    return sections;
  }
}

class Section6Maker {
  readonly #starts = new GrowingBigs();
  readonly #prefixes = new GrowingNumbers();

  get size(): number {
    return this.#prefixes.length;
  }

  push(start: bigint, prefix: number): void {
    this.#starts.push(start >> 64n);
    this.#starts.push(BigInt.asUintN(64, start));
    this.#prefixes.push(prefix);
  }

  make(): Section6 {
    return new Section6(this.#starts.view().slice(), Uint8Array.from(this.#prefixes.view()));
  }
}

interface Merged {
  readonly first: bigint;
  readonly last: bigint;
  /** How many were looked at. */
  readonly seen: number;
}

/** The ranges in order, those that overlap or touch made one. */
function* merged(ends: BigUint64Array, order: Uint32Array): Generator<Merged> {
  const at = (index: number): bigint => ((ends[index] ?? 0n) << 64n) | (ends[index + 1] ?? 0n);
  let [first, last, seen] = [0n, -2n, 0];
  for (const place of order) {
    const [nextFirst, nextLast] = [at(place * NUMBERS), at(place * NUMBERS + 2)];
    if (nextFirst > last + 1n) {
      if (seen > 0) yield { first, last, seen };
      [first, last] = [nextFirst, nextLast];
    } else if (nextLast > last) last = nextLast;
    seen += 1;
  }
  if (seen > 0) yield { first, last, seen };
}

/** Ranges that are merged without a stop, in some milliseconds. */
const SLICE = 5_000;
