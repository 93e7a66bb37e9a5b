import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIST_FORMATS } from '../../src/lists/list-format.ts';
import { exampleList, readList } from './examples.ts';

const reader = suite('the reader of lists');

/** Of each example its format, how many lines or parts, entries, and what is not understood it has. */
const EXAMPLES = [
  ['drop.txt', 'plain', 6, 2, 0],
  ['level1.netset', 'plain', 19, 5, 0],
  ['drop_v4.jsonl', 'jsonl', 3, 2, 0],
  ['drop_v6.jsonl', 'jsonl', 2, 1, 0],
  ['block.txt', 'dshield', 18, 3, 0],
  ['csf.deny', 'csf', 25, 4, 3],
  ['decisions.csv', 'crowdsec', 7, 3, 3],
  ['decisions-json.txt', 'crowdsec', 3, 2, 1],
  ['ipset.save', 'ipset', 14, 5, 3],
  ['banned.txt', 'fail2ban', 4, 4, 0],
  ['banip.txt', 'fail2ban', 2, 2, 0],
] as const;

for (const [name, format, lines, entries, unread] of EXAMPLES)
  reader(`finds that ${name} is ${format}, and reads it`, () => {
    const seen = readList(exampleList(name));

    assert.equal(
      [seen.format, seen.lines, seen.entries, seen.unread.count],
      [format, lines, entries, unread],
    );
    assert.is(seen.all.length, entries);
  });

reader(
  'reads the same wherever the bytes are cut, whoever told the format, and with a mark of UTF-8 ahead',
  () => {
    for (const [name, format] of EXAMPLES) {
      const bytes = exampleList(name);
      const whole = readList(bytes);

      assert.equal(readList(bytes, { chunk: 1 }), whole, name);
      assert.equal(readList(bytes, { chunk: 7, format }), whole, name);
      assert.equal(readList(Buffer.concat([Buffer.from('\ufeff'), bytes])), whole, name);
      assert.equal(readList(bytes.toString().replaceAll('\n', '\r\n')), whole, name);
    }
  },
);

reader('has an example of each format', () => {
  assert.equal([...new Set<string>(EXAMPLES.map(([, format]) => format))].sort(), [...LIST_FORMATS].sort());
});

reader('hands on nothing of a text that is of no format, and shows how it begins', () => {
  for (const text of ['<!DOCTYPE html>\n<p>503</p>\n', '[203.0.113.7]\n', '[1', '{"error":\n"no"}\n']) {
    const seen = readList(text);

    assert.equal([seen.format, seen.entries], [undefined, 0], text);
    assert.ok(seen.unread.count > 0, text);
    assert.equal(seen.unread.examples[0], { line: 1, text: (text.split('\n')[0] ?? '').trim() });
  }
});

reader('goes by the format that it is told', () => {
  const seen = readList(`${'<!DOCTYPE html>\n'.repeat(1_000)}203.0.113.7\n`, { format: 'plain' });

  assert.equal([seen.format, seen.entries, seen.unread.count], ['plain', 1, 1_000]);
  assert.is(readList('203.0.113.7\n', { format: 'dshield' }).entries, 0);
  assert.is(readList('[x]\n203.0.113.7\n', { format: 'plain' }).entries, 1);
  assert.is(readList(exampleList('banned.txt'), { format: 'crowdsec' }).entries, 0);
});

reader('finds the format behind a long comment, and not behind a long text of no format', () => {
  const long = readList(`${'said\n'.repeat(500)}203.0.113.7\n`);

  assert.is(readList(`${'# said\n'.repeat(499)}203.0.113.7\n`).format, 'plain');
  assert.equal([long.entries, long.unread.count], [0, 501]);
});

reader('takes a list without a line for an empty one', () => {
  for (const text of ['', '\n', '# none\n', '\n'.repeat(100_000)])
    assert.equal([readList(text).format, readList(text).entries], ['plain', 0]);
  assert.equal([readList('[]').format, readList('[]\n').entries], ['crowdsec', 0]);
});

reader('does not read a line over 4 KiB, and reads the next', () => {
  const seen = readList(`203.0.113.7 # ${'x'.repeat(5_000)}\n203.0.113.8\n`);

  assert.equal(
    seen.told.map(([range]) => range),
    ['203.0.113.8'],
  );
  assert.equal([seen.lines, seen.unread.count, seen.unread.examples[0]?.line], [2, 1, 1]);
});

reader('hands on only whole ranges of whatever it is given, and counts what it hands on', () => {
  const piece = fc.oneof(
    fc.constantFrom(...EXAMPLES.map(([name]) => exampleList(name))),
    fc.string({ maxLength: 20 }).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...['[', '{', '\n', ',', "'", '"', ' ', '\t', '|'].map((text) => Buffer.from(text))),
  );
  const cut = fc.tuple(piece, fc.nat({ max: 80 }), fc.nat({ max: 400 }));
  const bytes = fc
    .array(cut, { maxLength: 5 })
    .map((pieces) => Buffer.concat(pieces.map(([each, from, length]) => each.subarray(from, from + length))));
  fc.assert(
    fc.property(bytes, fc.constantFrom(undefined, ...LIST_FORMATS), (text, format) => {
      const seen = readList(text, format === undefined ? {} : { format });

      // What was handed on of a text that is not whole does not count.
      assert.is(seen.entries, seen.format === undefined ? 0 : seen.all.length);
      for (const { first, last } of seen.all) assert.ok(first <= last);
    }),
    { numRuns: 300 },
  );
});

reader.run();
