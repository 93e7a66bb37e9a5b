import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cut, UNPRINTABLE } from '../../src/domain/printable.ts';

const printable = suite('text of strangers');

printable('holds nothing that shows as another text, whole runs of which count as one', () => {
  assert.is('one\n\t\u202etwo\x1b[2J\u2028three\u200b!'.replace(UNPRINTABLE, ' '), 'one two [2J three !');
});

printable('is cut between characters, and never after a blank', () => {
  const cuts = [3, 4].map((length) => cut('ab\u{1f600}', length));

  assert.equal([...cuts, cut('ab  c', 4)], ['ab', 'ab\u{1f600}', 'ab']);
});

printable.run();
