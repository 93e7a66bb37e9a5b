import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codeSpan, escaped, unescaped } from '../../../src/cli/manual/markdown.ts';

const test = suite('Markdown of texts');

test('no text has a meaning for Markdown, and each can be had back', () => {
  const text = String.raw`a \ of <b>, *c*, [d](e) and ${'`f`'}; server_name - {x}`;

  assert.is(escaped('*a* <b>'), String.raw`\*a\* \<b>`);
  assert.is(unescaped(escaped(text)), text);
});

test('code stands between backticks', () => {
  assert.is(codeSpan('--for <time>'), '`--for <time>`');
});

test.run();
