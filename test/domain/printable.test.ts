import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cut, fit, printable as shown, UNPRINTABLE } from '../../src/domain/printable.ts';

const printable = suite('text of strangers');

printable('holds nothing that shows as another text, whole runs of which count as one', () => {
  assert.is('one\n\t\u202etwo\x1b[2J\u2028three\u200b!'.replace(UNPRINTABLE, ' '), 'one two [2J three !');
});

printable('is cut between characters, and never after a blank', () => {
  const cuts = [3, 4].map((length) => cut('ab\u{1f600}', length));

  assert.equal([...cuts, cut('ab  c', 4)], ['ab', 'ab\u{1f600}', 'ab']);
});

printable('is shown in one line, and moves no cursor', () => {
  assert.is(shown('a\r\nb\u009b2Jc'), 'a b 2Jc');
});

printable('has no more columns than a terminal, and says that it was cut', () => {
  assert.equal(
    [5, 4, 3, 1].map((columns) => fit('abcd', columns)),
    ['abcd', 'abcd', 'ab…', '…'],
  );
  // Each of these takes two.
  assert.equal(
    [6, 5, 4].map((columns) => fit('\u65e5\u672c\u8a9e', columns)),
    ['\u65e5\u672c\u8a9e', '\u65e5\u672c…', '\u65e5…'],
  );
  assert.is(fit('abc', Infinity), 'abc');
});

printable.run();
