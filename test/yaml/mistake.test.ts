import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mistakeAt } from '../../src/yaml/mistake.ts';

const mistakes = suite('a mistake in a file');

mistakes('has its place, its code, and words with the way to its value', () => {
  const place = { line: 3, column: 5 };
  const said = 'expected a name';

  assert.equal(mistakeAt(place, { code: 'missing-key', key: 'net' }), {
    ...{ ...place, code: 'missing-key', message: 'net is missing' },
  });
  assert.is(
    mistakeAt(place, { code: 'wrong-value', path: ['deny', 2, 'net'], said }).message,
    `deny.2.net: ${said}`,
  );
  assert.is(mistakeAt(place, { code: 'wrong-value', path: [], said }).message, said);
});

mistakes.run();
