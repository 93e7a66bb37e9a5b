/**
 * Gathers ranges of IPv6, and makes them sections by region: sorted, merged, and split into the fewest nets that are
 * not wider than a /16.
 */
import { FULL_PREFIX, regionOf } from '../../domain/net.ts';
import { GrowingBigs, GrowingNumbers } from './growing.ts';
import { textOf6 } from '../text-of.ts';
import { Section6 } from './section.ts';
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
    const nets = new Map<string, { readonly starts: GrowingBigs; readonly prefixes: GrowingNumbers }>();
    let count = 0;
    for (const { first, last } of merged(this.#ends.view())) {
      for (let at = first; at <= last;) {
        const hostBits = Math.min(alignedBits(at), bitLength(last - at + 1n) - 1);
        const region = regionOf('ipv6', textOf6(at));
        let own = nets.get(region);
        if (own === undefined) {
          own = { starts: new GrowingBigs(), prefixes: new GrowingNumbers() };
          nets.set(region, own);
        }
        own.starts.push(at >> 64n);
        own.starts.push(BigInt.asUintN(64, at));
        own.prefixes.push(FULL_PREFIX.ipv6 - hostBits);
        at += 1n << BigInt(hostBits);
        count += 1;
        if (count % SLICE === 0) yield;
      }
    }
    const regions = Array.from(nets).sort(([a], [b]) => (a < b ? -1 : 1));
    return new Map(
      regions.map(([region, { starts, prefixes }]) => [
        region,
        new Section6(starts.view().slice(), Uint8Array.from(prefixes.view())),
      ]),
    );
  }
}

/** The ranges in order, those that overlap or touch made one. */
function* merged(ends: BigUint64Array): Generator<{ readonly first: bigint; readonly last: bigint }> {
  const at = (index: number): bigint => ((ends[index] ?? 0n) << 64n) | (ends[index + 1] ?? 0n);
  const order = Uint32Array.from({ length: ends.length / 4 }, (_, index) => index * 4).sort((a, b) =>
    at(a) < at(b) ? -1 : 1,
  );
  let current: { first: bigint; last: bigint } | undefined;
  for (const index of order) {
    const next = { first: at(index), last: at(index + 2) };
    if (current === undefined) current = next;
    else if (next.first > current.last + 1n) {
      yield current;
      current = next;
    } else if (next.last > current.last) current.last = next.last;
  }
  if (current !== undefined) yield current;
}

/** How many of its last bits are free for the largest net that begins there. */
function alignedBits(address: bigint): number {
  if (address === 0n) return MOST_HOST_BITS;
  let bits = 0;
  let rest = address;
  while ((rest & 0xffffffffn) === 0n) {
    rest >>= 32n;
    bits += 32;
  }
  const lowest = Number(rest & 0xffffffffn);
  return Math.min(bits + 31 - Math.clz32(lowest & -lowest), MOST_HOST_BITS);
}

function bitLength(number: bigint): number {
  const digits = number.toString(16);
  return digits.length * 4 - Math.clz32(parseInt(digits.charAt(0), 16)) + 28;
}

/** Of a /16. */
const MOST_HOST_BITS = 112;

/** Nets that are made without a stop: some five milliseconds. */
const SLICE = 5_000;
