import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inOrder } from '../../src/exports/in-order.ts';

const test = suite('a sort in slices');

const byNumber = (a: number, b: number): number => a - b;

function ran<T>(work: Generator<undefined, T>): { readonly value: T; readonly turns: number } {
  for (let turns = 0; ; turns += 1) {
    const step = work.next();
    if (step.done === true) return { value: step.value, turns };
  }
}

test('comes to what a sort at once comes to', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5_000), { maxLength: 5_000, size: 'max' }), (numbers) => {
      assert.equal(ran(inOrder(numbers, byNumber)).value, numbers.toSorted(byNumber));
    }),
    { numRuns: 10 },
  );
});

test('lets others have a turn for each thousand', () => {
  const numbers = Array.from({ length: 50_000 }, (_, index) => (index * 7_919) % 50_000);

  const { turns, value } = ran(inOrder(numbers, byNumber));

  assert.equal(value.slice(0, 3), [0, 1, 2]);
  assert.ok(turns > 200, `${turns} turns`);
});

test.run();
