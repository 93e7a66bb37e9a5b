import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pick } from '../../../src/cli/words/pick.ts';

const test = suite('the words that are offered');

test('are each once, in order, and begin with what is typed', () => {
  assert.equal(pick(['b', 'ab', 'aa', 'ab'], 'a'), ['aa', 'ab']);
  assert.equal(pick([], ''), []);
});

test('are at most 100, and begin alike no further than all of them do', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[ab]{0,12}$/), { maxLength: 400 }),
      fc.constantFrom('', 'a', 'ab'),
      (words, prefix) => {
        const picked = pick(words, prefix);

        const all = words.filter((word) => word.startsWith(prefix));
        assert.ok(picked.length <= 100);
        assert.ok(picked.every((word) => all.includes(word)));
        assert.is(commonStart(picked), commonStart(all));
      },
    ),
  );
});

function commonStart(words: readonly string[]): string {
  let [start = ''] = words;
  for (const word of words) while (!word.startsWith(start)) start = start.slice(0, -1);
  return start;
}

test.run();
