import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { fishCompletion } from '../../../src/cli/manual/fish.ts';
import { described, wholeProgram } from './whole-program.ts';

const test = suite('the completion for fish');

test('says of each command and each option what it does, and offers the program as none of its commands', () => {
  const script = fishCompletion(wholeProgram());

  const plain = script.replaceAll('\\', '');
  assert.not.match(plain, /undefined|\[object/);
  for (const { words, description, options } of everyEntry(wholeProgram()).slice(1)) {
    const name = words.at(-1) ?? '';
    assert.ok(plain.includes(` -a ${name} -d '${description}'`), name);
    for (const { long, takes, description: does } of options) {
      const argument = { nothing: '', file: ' -r -F', value: ' -x' }[takes];
      assert.ok(plain.includes(` -l ${long.slice(2)}${argument} -d '${does}'`), long);
    }
  }
  assert.not.match(plain, / -a banspool /);
});

test('offers what belongs to a command below that command alone', () => {
  const script = fishCompletion(described('it does\\this, as it’s told: it\'s "all"'));

  const text = String.raw`'it does\\this, as it’s told: it\'s "all"'`;
  assert.equal(script.trimEnd().split('\n').slice(2), [
    `complete -c banspool -n 'not __fish_seen_subcommand_from try' -a try -d ${text}`,
    `complete -c banspool -n 'not __fish_seen_subcommand_from try' -l all -d ${text}`,
    `complete -c banspool -n '__fish_seen_subcommand_from try' -l all -d ${text}`,
  ]);
});

test.run();
