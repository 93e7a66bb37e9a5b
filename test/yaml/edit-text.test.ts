import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { inlineText, putItem, setKey, takeItem, takeKey } from '../../src/yaml/edit-text.ts';

const test = suite('the text of a person, edited');

test('has another value for one key, and comments and order as they were', () => {
  const text =
    'a: # one\n  - b: 1 # two\n    # three\n    c: |\n      long\n      text\nd: { e: f } # four\n';

  assert.is(setKey(text, ['a', 0, 'b'], '2'), text.replace('1 # two', '2 # two'));
  assert.is(setKey(text, ['a', 0, 'c'], 'short'), text.replace('|\n      long\n      text', 'short'));
  assert.is(setKey(text, ['a', 0, 'g'], '3'), text.replace('      text\n', '      text\n    g: 3\n'));
  assert.is(setKey(text, ['d', 'g'], '3'), text.replace('{ e: f }', '{ e: f, g: 3 }'));
  assert.is(setKey(text, ['nowhere', 'g'], '3'), undefined);
});

test('lacks one key, with the lines that it had', () => {
  const text = 'a:\n  - b: 1 # two\n    c: 2\n    # three\nd: { e: f, g: h } # four\n';

  assert.is(takeKey(text, ['a', 0, 'c']), text.replace('    c: 2\n', ''));
  assert.is(takeKey(text, ['a', 0, 'b']), text.replace('b: 1 # two\n    ', ''));
  assert.is(takeKey(text, ['d', 'e']), text.replace('e: f, ', ''));
  assert.is(takeKey(text, ['d', 'g']), text.replace(', g: h', ''));
  assert.is(takeKey(text, ['d', 'nothing']), text);
  assert.is(takeKey(text, ['nothing', 'd']), undefined);
});

test('lacks one item of a list in brackets, whatever stands around its comma', () => {
  const item = (text: string, index: number): string | undefined => takeItem(text, ['a'], index);

  assert.is(item('a: [ 1, 2 ,3 ]', 0), 'a: [ 2 ,3 ]');
  assert.is(item('a: [ 1, 2 ,3 ]', 1), 'a: [ 1, 3 ]');
  assert.is(item('a: [ 1, 2 ,3 ]', 2), 'a: [ 1, 2  ]');
  assert.is(item('a: [\n  1, # one\n  2 # two\n]\n', 1), 'a: [\n  1, # one\n]\n');
  assert.is(item('a: [\n  1 # one\n  , 2\n]\n', 0), 'a: [\n  2\n]\n');
  assert.is(item('a:\n  - 1\n', 1), 'a:\n  - 1\n');
  assert.is(item('a: 1\n', 0), undefined);
});

test('has an item more of a mapping, in lines and in brackets', () => {
  const put = (text: string): string | undefined =>
    putItem(text, { key: 'a', kind: 'mapping', item: 'c: 2' });

  assert.is(put('a:\n    b: 1 # one\n# two\n'), 'a:\n    b: 1 # one\n    c: 2\n# two\n');
  assert.is(put('a: { b: 1 }\n'), 'a: { c: 2, b: 1 }\n');
  assert.is(put('a: {}'), 'a: {c: 2}');
  assert.is(put('- a\n'), undefined);
});

test('quotes a value in one line where YAML would take it for something else', () => {
  for (const value of ['a', 'a, b', 'true', '1', '# a', 'a: b', '[', "it's", '"', '']) {
    assert.equal(parse(`[${inlineText(value)}]`), [value]);
  }
});

test.run();
