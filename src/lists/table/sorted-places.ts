/**
 * Sorts ranges of IPv6 by their first address: by each of its bytes, the last one first, which takes a tenth of the
 * time of comparing numbers of 128 bits.
 */
import { LITTLE_ENDIAN } from './little-endian.ts';

/** The places of ranges by their first address; each range is NUMBERS numbers. It stops now and then. */
export function* sortedPlaces(ends: BigUint64Array): Generator<undefined, Uint32Array> {
  const bytes = new Uint8Array(ends.buffer, ends.byteOffset, ends.byteLength);
  const count = ends.length / NUMBERS;
  let order = new Uint32Array(count);
  for (let place = 0; place < count; place += 1) order[place] = place;
  let sorted = new Uint32Array(count);
  for (const byte of BYTES_OF_FIRST) {
    const starts = startsByValue(bytes, byte);
    yield;
    // Where all have the same byte there is nothing to sort.
    if (starts === undefined) continue;
    for (let from = 0; from < count; from += SORT_SLICE) {
      distribute({ bytes, byte, starts }, order.subarray(from, from + SORT_SLICE), sorted);
      yield;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
}

/** For each value of a byte how many ranges have a smaller one; undefined where all have the same. */
function startsByValue(bytes: Uint8Array, byte: number): Uint32Array | undefined {
  const starts = new Uint32Array(257);
  for (let at = byte; at < bytes.length; at += RANGE_BYTES) {
    const after = (bytes[at] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  if (starts.includes(bytes.length / RANGE_BYTES)) return undefined;
  for (let value = 1; value < starts.length; value += 1)
    starts[value] = (starts[value] ?? 0) + (starts[value - 1] ?? 0);
  return starts;
}

interface Byte {
  readonly bytes: Uint8Array;
  readonly byte: number;
  /** Where the next range of each value goes. */
  readonly starts: Uint32Array;
}

function distribute({ bytes, byte, starts }: Byte, places: Uint32Array, sorted: Uint32Array): void {
  for (const place of places) {
    const value = bytes[place * RANGE_BYTES + byte] ?? 0;
    const target = starts[value] ?? 0;
    sorted[target] = place;
    starts[value] = target + 1;
  }
}

/** Of a range: the halves of its first address, and of its last. */
export const NUMBERS = 4;
const RANGE_BYTES = NUMBERS * 8;

/** Where the 16 bytes of a range's first address stand, the last one first, as this machine keeps numbers. */
const BYTES_OF_FIRST = [8, 0].flatMap((half) =>
  Array.from({ length: 8 }, (_, byte) => half + (LITTLE_ENDIAN ? byte : 7 - byte)),
);

/** Ranges that are sorted without a stop, in some milliseconds. */
const SORT_SLICE = 100_000;
