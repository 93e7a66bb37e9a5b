import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repaint } from '../../src/top/repaint.ts';
import { ScreenShown } from '../support/screen-shown.ts';

const test = suite('top/repaint');

test('writes the lines that differ, and no others', () => {
  assert.is(repaint(['a', 'b', 'c'], ['a', 'B', 'c']), '\u001b[2;1HB');
  assert.is(repaint([], ['a', 'b']), '\u001b[1;1Ha\u001b[2;1Hb');
  assert.is(repaint(['a'], ['a']), '');
});

test('what is written makes of any screen the one that should be', () => {
  const screen = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(screen, screen, (before, after) => {
      const shown = new ScreenShown();
      shown.write(repaint([], before));

      shown.write(repaint(before, after));

      assert.equal(shown.lines, after);
    }),
  );
});

test.run();
