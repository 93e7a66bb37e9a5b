import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { helpLines } from '../../src/top/help.ts';
import { plainText } from '../../src/top/line.ts';
import { FIRST_VIEW, press } from '../../src/top/view.ts';

const test = suite('top/help');

test('fits 80 columns and 24 lines, and each key that it names does something', () => {
  const lines = helpLines().map(plainText);
  const keys = lines.flatMap((line) => /^(\S) /.exec(line)?.slice(1) ?? []);

  assert.ok(lines.length <= 20 && lines.every((line) => line.length <= 78), lines.join('\n'));
  assert.ok(keys.length >= 8);
  for (const key of keys.filter((one) => one !== '1' && one !== 'j'))
    assert.is.not(press(FIRST_VIEW, { name: key, sequence: key }, { page: 1, last: 1 }), FIRST_VIEW, key);
});

test.run();
