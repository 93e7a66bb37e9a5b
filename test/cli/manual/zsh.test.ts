import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { zshCompletion } from '../../../src/cli/manual/zsh.ts';
import { described, wholeProgram } from './whole-program.ts';

const test = suite('the completion for zsh');

test('says of each command and each option what it does', () => {
  const script = zshCompletion(wholeProgram()).replaceAll(`'\\''`, "'").replaceAll('\\', '');

  assert.not.match(script, /undefined|\[object/);
  for (const { words, description, options } of everyEntry(wholeProgram()).slice(1)) {
    const name = words.at(-1) ?? '';
    assert.ok(script.includes(`'${name}:${description}'`), name);
    assert.ok(script.includes(`\n${['_banspool', ...words].join('-')}() {\n`), name);
    for (const { long, takes, description: does } of options) {
      const argument = { nothing: '', file: ':file:_files', value: ':value: ' }[takes];
      assert.ok(script.includes(`'${long}[${does}]${argument}'`), long);
    }
  }
});

test('quotes what zsh would take for the end of a text', () => {
  const script = zshCompletion(described("it's [one]: a"));

  assert.ok(script.includes(String.raw`    'try:it'\''s \[one\]\: a'`), script);
  assert.ok(script.includes(String.raw`'--all[it'\''s \[one\]\: a]'`), script);
});

test.run();
