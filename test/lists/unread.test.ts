import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UnreadCounter } from '../../src/lists/unread.ts';

const unread = suite('lines that are not understood');

unread('are all counted, and the first five are shown with their numbers', () => {
  const counter = new UnreadCounter();

  for (let line = 10; line < 20; line += 1) counter.add(line, `word ${line}`);

  const { count, examples } = counter.seen();
  assert.is(count, 10);
  assert.equal(
    examples,
    [10, 11, 12, 13, 14].map((line) => ({ line, text: `word ${line}` })),
  );
});

unread('are shown without what a terminal obeys, in one short line', () => {
  const counter = new UnreadCounter();

  counter.add(1, `\x1b[31mred\r\x00${Buffer.from('‮ü').toString('latin1')}`);
  counter.add(2, 'x'.repeat(5_000));

  assert.equal(counter.seen().examples, [
    { line: 1, text: '[31mred ü' },
    { line: 2, text: 'x'.repeat(60) },
  ]);
});

unread.run();
