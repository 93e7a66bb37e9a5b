import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NUMBERS, sortedPlaces } from '../../../src/lists/table/sorted-places.ts';

const sorting = suite('ranges that are sorted by bytes');

function placesOf(firsts: readonly bigint[]): Uint32Array {
  const ends = BigUint64Array.from(
    firsts.flatMap((first) => [first >> 64n, BigInt.asUintN(64, first), 7n, BigInt.asUintN(64, ~first)]),
  );
  const slices = sortedPlaces(ends);
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
  }
}

sorting('are in the order of their first addresses, and of equal ones as they came', () => {
  const address = fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }),
    fc
      .tuple(fc.nat({ max: 3 }), fc.nat({ max: 15 }))
      .map(([byte, shift]) => BigInt(byte) << BigInt(shift * 8)),
  );
  fc.assert(
    fc.property(fc.array(address, { maxLength: 30 }), (firsts) => {
      const order = firsts
        .map((first, place) => ({ first, place }))
        .sort((a, b) => (a.first === b.first ? a.place - b.place : a.first < b.first ? -1 : 1))
        .map(({ place }) => place);

      assert.is(NUMBERS, 4);
      assert.equal(Array.from(placesOf(firsts)), order);
    }),
  );
});

sorting.run();
