import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { lengthOf, union, without } from '../../src/replay/spans.ts';

const test = suite('replay/spans');

const anySpans = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 8 })), { maxLength: 6 })
  .map((pairs) => pairs.flatMap(([from, length]) => [from, from + length]));

const momentsOf = (spans: readonly number[]): readonly number[] =>
  Array.from({ length: 40 }, (_, moment) => moment).filter((moment) =>
    spans.some((from, at) => at % 2 === 0 && from <= moment && moment < (spans[at + 1] ?? 0)),
  );

test('hold, joined or parted, the moments that they should, in order and each once', () => {
  fc.assert(
    fc.property(anySpans, anySpans, (a, b) => {
      const [left, right] = [union(a), union(b)];
      const rest = without(left, right);

      assert.equal(momentsOf(left), momentsOf(a));
      assert.equal(
        momentsOf(rest),
        momentsOf(a).filter((moment) => !momentsOf(b).includes(moment)),
      );
      for (const spans of [left, rest]) {
        assert.is(lengthOf(spans), momentsOf(spans).length);
        assert.equal(
          spans,
          Array.from(new Set(spans)).sort((one, other) => one - other),
        );
      }
    }),
  );
});

test.run();
