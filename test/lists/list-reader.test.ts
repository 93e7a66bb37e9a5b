import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ListReader, type Reading } from '../../src/lists/list-reader.ts';
import type { Format } from '../../src/lists/formats/format.ts';
import { rangeText } from '../../src/lists/range.ts';

const reader = suite('the reader of lists');

interface Seen extends Reading {
  readonly ranges: readonly string[];
}

function read(text: string, format?: Format): Seen {
  const ranges: string[] = [];
  const list = new ListReader({ format, takeEntry: (entry) => ranges.push(rangeText(entry)) });
  list.write(Buffer.from(text));
  return { ...list.end(), ranges };
}

reader('hands on each entry in order, and counts lines, entries and what it does not understand', () => {
  const seen = read('# mine\n203.0.113.7\n\nexample.org\n198.51.100.0/24 ; SBL1\n');

  assert.equal(seen, {
    format: 'plain',
    lines: 5,
    entries: 2,
    unread: { count: 1, examples: [{ line: 4, text: 'example.org' }] },
    ranges: ['203.0.113.7', '198.51.100.0/24'],
  });
});

reader('hands on nothing of a text that is of no format, and shows how it begins', () => {
  const seen = read('<!DOCTYPE html>\n<p>503</p>\n');

  assert.is(seen.format, undefined);
  assert.equal(seen.ranges, []);
  assert.equal(seen.unread, {
    count: 2,
    examples: [
      { line: 1, text: '<!DOCTYPE html>' },
      { line: 2, text: '<p>503</p>' },
    ],
  });
});

reader('goes by the format that it is told', () => {
  const seen = read('<!DOCTYPE html>\n'.repeat(1_000) + '203.0.113.7\n', 'plain');

  assert.equal([seen.format, seen.entries, seen.unread.count], ['plain', 1, 1_000]);
});

reader('finds the format behind a long comment, and not behind a long text of no format', () => {
  assert.is(read(`${'# said\n'.repeat(499)}203.0.113.7\n`).format, 'plain');
  assert.equal(read(`${'said\n'.repeat(500)}203.0.113.7\n`).entries, 0);
  assert.equal(read(`${'said\n'.repeat(500)}203.0.113.7\n`).unread.count, 501);
});

reader('takes a list without a line for an empty one', () => {
  assert.equal([read('').format, read('').lines, read('# none\n').entries], ['plain', 0, 0]);
});

reader('does not read a line over 4 KiB, and reads the next', () => {
  const seen = read(`203.0.113.7 # ${'x'.repeat(5_000)}\n203.0.113.8\n`);

  assert.equal(seen.ranges, ['203.0.113.8']);
  assert.equal([seen.lines, seen.unread.count, seen.unread.examples[0]?.line], [2, 1, 1]);
});

reader.run();
