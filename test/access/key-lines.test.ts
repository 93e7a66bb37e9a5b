import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { dropKeyLines, otherKeyLines, putKeyLine } from '../../src/access/key-lines.ts';

const test = suite('lines of keys');

/** Ours begin with `ours` and a name. */
const ownerOf = (line: string): string | undefined => /^ours (\w+)/.exec(line)?.[1];

test('are one for each owner, after all others, which stay as they are', () => {
  const text = '# people\n\ttheirs\nours a 1\nours a 2\nours b 1';

  assert.is(
    putKeyLine(text, { name: 'a', line: 'ours a 3' }, ownerOf),
    '# people\n\ttheirs\nours b 1\nours a 3\n',
  );
  assert.is(putKeyLine('ours a 1\n', { name: 'a', line: 'ours a 1' }, ownerOf), 'ours a 1\n');
  assert.is(dropKeyLines(text, 'a', ownerOf), '# people\n\ttheirs\nours b 1');
});

test('of others are told, but for comments and empty lines', () => {
  assert.equal(otherKeyLines('# people\n \n\t# more\n\ttheirs\nours a 1\n', ownerOf), ['\ttheirs']);
});

test.run();
