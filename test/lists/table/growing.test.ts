import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GrowingBigs, GrowingNumbers } from '../../../src/lists/table/growing.ts';

const growing = suite('an array that grows');

growing('holds what was pushed, in order, however many there are', () => {
  const [numbers, bigs] = [new GrowingNumbers(), new GrowingBigs()];

  for (let each = 0; each < 1_000; each += 1) {
    numbers.push(each * 4_000_000);
    bigs.push(BigInt(each) << 50n);
  }

  assert.is(numbers.length, 1_000);
  assert.equal(
    Array.from(numbers.view()),
    Array.from({ length: 1_000 }, (_, each) => each * 4_000_000),
  );
  assert.equal(
    Array.from(bigs.view()),
    Array.from({ length: 1_000 }, (_, each) => BigInt(each) << 50n),
  );
});

growing.run();
