import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { expected, expectedLength, expectedText, quote } from '../../src/yaml/expected.ts';

const expecting = suite('what a mistake says');

expecting('quotes what was written, cut where a log would not show it', () => {
  assert.equal([quote('a"b'), quote(5), quote(undefined)], ['"a\\"b"', '5', 'nothing']);
  assert.is(quote('x'.repeat(100)), `"${'x'.repeat(79)}…"`);
});

expecting('tells what should have been there', () => {
  const wants = expected('a number of seconds');

  assert.equal(
    [wants({ input: 'soon' }), wants({ input: undefined })],
    ['"soon" is not a number of seconds', 'missing; expected a number of seconds'],
  );
});

expecting('offers quotes for a text that YAML took for something else', () => {
  assert.equal(
    [5, true, null, ['a']].map((input) => expectedText({ input })),
    [
      '5 is not a string; put it in quotes: "5"',
      'true is not a string; put it in quotes: "true"',
      'the value is missing; quote text that begins with #',
      '["a"] is not a string',
    ],
  );
});

expecting('asks which of two lengths is meant', () => {
  const wants = expectedLength('a length');

  assert.equal(
    [wants({ input: '3M' }), wants({ input: 'x' }), wants({ input: 3 })],
    ['"3M" may be months or minutes: write "3mo" or "3m"', '"x" is not a length', '3 is not a length'],
  );
});

expecting.run();
