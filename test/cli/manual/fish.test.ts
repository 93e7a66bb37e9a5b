import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { everyEntry } from '../../../src/cli/manual/entry.ts';
import { fishCompletion } from '../../../src/cli/manual/fish.ts';
import { isInstalled } from '../../../src/system/processes/run.ts';
import { outputOf } from '../../support/run-program.ts';
import { lineOf, pathWith, sandboxWithWords } from './sandbox-with-words.ts';
import { described, wholeProgram } from './whole-program.ts';

const test = suite('the completion for fish');

test('says of each command and each option what it does, and offers the program as none of its commands', () => {
  const script = fishCompletion(wholeProgram());

  const plain = script.replaceAll('\\', '');
  assert.not.match(plain, /undefined|\[object/);
  for (const { words, description, options } of everyEntry(wholeProgram()).slice(1)) {
    const name = words.at(-1) ?? '';
    assert.ok(plain.includes(` -a ${name} -d '${description}'`), name);
    for (const { long, takes, wants, choices, description: does } of options) {
      const listed = choices === undefined ? '' : ` -a '${choices.join(' ')}'`;
      const value = ` -x${wants === undefined ? listed : ` -a '(__banspool_words ${wants})'`}`;
      const argument = { nothing: '', file: ' -r -F', value }[takes];
      assert.ok(plain.includes(` -l ${long.slice(2)}${argument} -d '${does}'`), long);
    }
  }
  assert.not.match(plain, / -a banspool /);
});

test('offers what belongs to a command below that command alone', () => {
  const script = fishCompletion(described('it does\\this, as it’s told: it\'s "all"'));

  const text = String.raw`'it does\\this, as it’s told: it\'s "all"'`;
  assert.equal(script.slice(script.indexOf('complete -c banspool -n')).trimEnd().split('\n'), [
    `complete -c banspool -n 'not __fish_seen_subcommand_from try' -a try -d ${text}`,
    `complete -c banspool -n 'not __fish_seen_subcommand_from try' -l all -d ${text}`,
    `complete -c banspool -n '__fish_seen_subcommand_from try' -l all -d ${text}`,
  ]);
});

test('offers in fish what the program knows', async () => {
  if (!isInstalled('fish')) return;
  await using sandbox = await sandboxWithWords();
  const script = `${fishCompletion(wholeProgram())}complete -C "$argv"`;
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const line = lineOf(sandbox, words);
    const env = { ...pathWith(sandbox), HOME: sandbox.folder };
    const said = await outputOf(['fish', '--no-config', '-c', script, line], { env });
    // Behind a tab stands what it is.
    return said.split('\n').flatMap((each) => (each === '' ? [] : [each.replace(/\t.*/, '')]));
  };

  // It sorts by number.
  assert.equal(await offered('unban', '203.0.113.9', '203.'), ['203.0.113.8', '203.0.113.70']);
  assert.equal(await offered('why', '2001:db8:7'), ['2001:db8:7::7']);
  assert.equal(await offered('list', '--sort', 'pa'), ['packets']);
  assert.equal(await offered('history', '--jail', 'ng'), ['nginx-limit_req.x']);
  assert.equal(await offered('history', '--server=ma'), ['--server=mail']);
});

test.run();
