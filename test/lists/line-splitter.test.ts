import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LineSplitter, LONGEST_LINE } from '../../src/lists/line-splitter.ts';

const splitter = suite('lines of a stream');

interface Taken {
  readonly line: string;
  readonly isWhole: boolean;
}

function split(chunks: readonly (string | Buffer)[]): readonly Taken[] {
  const taken: Taken[] = [];
  const lines = new LineSplitter((line, isWhole) => taken.push({ line, isWhole }));
  for (const chunk of chunks) lines.write(Buffer.from(chunk));
  lines.end();
  return taken;
}

splitter('end with a line feed, before which a carriage return may stand; the last may have no end', () => {
  const lines = split(['one\r\ntwo\n\nthr', 'ee'].map((chunk) => chunk));

  assert.equal(
    lines.map(({ line }) => line),
    ['one', 'two', '', 'three'],
  );
});

splitter('are read up to 4 KiB: of a longer one the beginning is kept, and the next line is read', () => {
  const lines = split([
    `${'a'.repeat(LONGEST_LINE)}\n${'b'.repeat(LONGEST_LINE + 1)}`,
    'b'.repeat(100_000),
    'b\nc',
  ]);

  assert.equal(
    lines.map(({ line, isWhole }) => [line.charAt(0), line.length, isWhole]),
    [
      ['a', LONGEST_LINE, true],
      ['b', LONGEST_LINE, false],
      ['c', 1, true],
    ],
  );
});

splitter('are the same wherever the chunks are cut', () => {
  const line = fc.oneof(
    fc.string({ maxLength: 9 }),
    fc.constant('ü'.repeat(2_047)),
    fc.constant('ü'.repeat(2_049)),
  );
  const text = fc.array(line, { maxLength: 8 }).map((lines) => Buffer.from(lines.join('\n')));
  fc.assert(
    fc.property(text, fc.array(fc.nat({ max: 9_000 }), { maxLength: 5 }), (bytes, places) => {
      const cuts = [0, ...places.filter((place) => place < bytes.length).sort((a, b) => a - b), bytes.length];
      const chunks = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));

      assert.equal(split(chunks), split([bytes]));
    }),
  );
});

splitter.run();
