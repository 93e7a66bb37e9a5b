import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bashCompletion } from '../../../src/cli/manual/bash.ts';
import { outputOf } from '../../support/run-program.ts';
import { wholeProgram } from './whole-program.ts';

const test = suite('the completion for bash');

/** What bash offers when Tab is pressed after these words. */
async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const script = `${bashCompletion(wholeProgram())}
    compopt() { :; }
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _banspool
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = await outputOf(['bash', '-c', script, 'bash', 'banspool', ...words]);
  return offered.split('\n').filter((line) => line !== '');
}

test('offers the commands in bash', async () => {
  assert.equal(await completed('un'), ['unban']);
  assert.equal(await completed('wh'), ['why']);
});

test('offers the options of the command that stands on the line', async () => {
  assert.equal(await completed('ban', '--'), [
    '--config',
    '--utc',
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

test('offers files where an option wants one, and nothing where it wants a value', async () => {
  assert.equal(await completed('status', '--config', '/etc/os-rel'), ['/etc/os-release']);
  assert.equal(await completed('ban', '--for', ''), []);
});

test.run();
