/** Bisection finds what a walk finds. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { placeOf } from '../../../src/lists/table/sorted-numbers.ts';

const sorted = suite('sorted numbers');

sorted('have a place for each number: the first that is not less', () => {
  const few = fc.oneof(fc.nat(9), fc.constantFrom(0xfffffffe, 0xffffffff));
  fc.assert(
    fc.property(fc.array(few), few, (numbers, number) => {
      const all = Uint32Array.from(numbers).sort();

      const place = placeOf(all, number);

      const first = all.findIndex((each) => each >= number);
      assert.is(place, first < 0 ? all.length : first);
    }),
  );
});

sorted.run();
