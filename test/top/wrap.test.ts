import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cellsOf } from '../../src/top/cells.ts';
import { plainText, span } from '../../src/top/line.ts';
import { wrapLine } from '../../src/top/wrap.ts';
import { hostileText } from '../support/top-seen.ts';

const test = suite('top/wrap');

test('breaks between words, and a long word where it must', () => {
  const wrapped = (text: string, width: number): readonly string[] =>
    wrapLine([span(text)], width, 'utf8').map(plainText);

  assert.equal(wrapped('one two three', 8), ['one two', 'three']);
  assert.equal(wrapped('abcdefghij', 4), ['abcd', 'efgh', 'ij']);
  assert.equal(wrapped('x abcdefgh', 4), ['x ab', 'cdef', 'gh']);
  assert.equal(wrapped('', 4), ['']);
});

test('pieces keep their styles', () => {
  const lines = wrapLine([span('bad', 'bad'), span(' is false')], 6, 'utf8');

  assert.equal(lines[0], [span('bad', 'bad'), span(' is')]);
});

test('no line is wider than asked', () => {
  fc.assert(
    fc.property(fc.array(hostileText), fc.integer({ min: 2, max: 90 }), (texts, width) => {
      const lines = wrapLine(
        texts.map((text) => span(text)),
        width,
        'utf8',
      );

      for (const line of lines) assert.ok(cellsOf(plainText(line)) <= width, plainText(line));
    }),
  );
});

test.run();
