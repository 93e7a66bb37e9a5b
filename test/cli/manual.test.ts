import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bashCompletion } from '../../src/cli/manual/bash.ts';
import { describe, everyEntry } from '../../src/cli/manual/entry.ts';
import { fishCompletion } from '../../src/cli/manual/fish.ts';
import { manPage } from '../../src/cli/manual/man-page.ts';
import { zshCompletion } from '../../src/cli/manual/zsh.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite('the manual and the completions');

const silent = (): void => undefined;
const program = makeProgram({
  io: { out: silent, err: silent, color: false, isTerminal: false, env: {} },
  exitCode: 0,
});
const entry = describe(program);

/** What bash offers when Tab is pressed after these words. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const script = `${bashCompletion(entry)}
    compopt() { :; }
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _banspool
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = await outputOf(['bash', '-c', script, 'bash', 'banspool', ...words]);
  return offered.split('\n').filter((line) => line !== '');
}

test('know every command and every option of the program', () => {
  const texts = [manPage(entry, '1.2.3').replaceAll('\\', ''), zshCompletion(entry), fishCompletion(entry)];

  for (const { words, options } of everyEntry(entry)) {
    for (const text of texts) {
      assert.ok(words.every((word) => text.includes(word)));
      assert.ok(options.every(({ long }) => text.includes(long) || text.includes(`-l ${long.slice(2)} `)));
    }
  }
});

test('offer the commands in bash', async () => {
  assert.equal(await completed('un'), ['unban']);
  assert.equal(await completed('wh'), ['why']);
});

test('offer the options of the command that stands on the line', async () => {
  assert.equal(await completed('ban', '--'), [
    '--config',
    '--for',
    '--jail',
    '--reason',
    '--confirm',
    '--force',
    '--wait',
    '--help',
  ]);
  assert.equal(await completed('ban', '192.0.2.1', '--f'), ['--for', '--force']);
});

test('offer files where an option wants one, and nothing where it wants a value', async () => {
  assert.equal(await completed('status', '--config', '/etc/os-rel'), ['/etc/os-release']);
  assert.equal(await completed('ban', '--for', ''), []);
});

test.run();
