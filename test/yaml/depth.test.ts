import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isDeep, MAX_DEPTH } from '../../src/yaml/depth.ts';
import { mistakesOf } from './mistakes-of.ts';

const document = suite('how deep a text nests');

document(
  'a text that nests without end is a mistake: the parser would take the whole process with it',
  () => {
    for (const unit of ['[', '{', '- ', 'a: ']) {
      assert.equal(mistakesOf(unit.repeat(20_000)), ['1:1 nested more than 8 levels deep'], unit);
    }
  },
);

document('a text of as many levels as are meant is read, by brackets, by dashes and by lines', () => {
  const [most, more] = [MAX_DEPTH, MAX_DEPTH + 1].map((depth) => [
    `${'['.repeat(depth)}${']'.repeat(depth)}`,
    `${'- '.repeat(depth)}x`,
  ]);

  assert.equal(
    [most?.map(isDeep), more?.map(isDeep)],
    [
      [false, false],
      [true, true],
    ],
  );
  assert.not.ok(isDeep(`{ ${'a: 1, '.repeat(20)}b: 2 }`));
  assert.not.ok(isDeep('- [a]\n'.repeat(100)));
  assert.not.ok(isDeep(`x: "${'['.repeat(100)}"\n`));
});

document.run();
