import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blocksOf } from './pages.ts';
import { isPartOf, isShown } from './shown.ts';

const test = suite('what a page shows');

test('is the whole output, but for what … stands for', () => {
  assert.ok(isShown(['a', 'b'], ['a', 'b']));
  assert.not(isShown(['a'], ['a', 'b']));
  assert.not(isShown(['a', 'b'], ['a']));
  assert.ok(isShown(['a', '…'], ['a', 'b', 'c']));
  assert.ok(isShown(['a', '…', 'c'], ['a', 'c']));
  assert.not(isShown(['a', '…', 'd'], ['a', 'b', 'c']));
  assert.ok(isShown(['until …, 5 failures'], ['until tomorrow, 5 failures']));
  assert.not(isShown(['until …, 5 failures'], ['until tomorrow', ', 5 failures']));
  assert.not(isShown(['a.c'], ['abc']));
  assert.ok(isShown([], []));
});

test('may be a part of a transcript, in its order', () => {
  assert.ok(isPartOf(['a', 'b', 'c', 'd'], ['b', 'c']));
  assert.ok(isPartOf(['a', 'b', 'c', 'd'], ['a', '…', 'd']));
  assert.not(isPartOf(['a', 'b', 'c', 'd'], ['c', 'b']));
  assert.not(isPartOf(['a', 'b', 'c', 'd'], ['a', 'c']));
});

test('stands in fences, each with the comment right above it', () => {
  const page = [
    '<!-- test/docs: run -->',
    '```sh',
    'one',
    '```',
    '',
    '```',
    '',
    '- in a list',
    '```',
    '<!-- kept -->',
    '  ```',
  ];

  const blocks = blocksOf('page.md', [...page, '  two', '  ```'].join('\n'));

  assert.equal(blocks, [
    { where: 'page.md line 2', held: 'test/docs: run', lines: ['one'] },
    { where: 'page.md line 6', held: undefined, lines: ['', '- in a list'] },
    { where: 'page.md line 11', held: 'kept', lines: ['two'] },
  ]);
});

test.run();
