import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bashCompletion } from '../../../src/cli/manual/bash.ts';
import { outputOf } from '../../support/run-program.ts';
import { lineOf, pathWith, sandboxWithWords } from './sandbox-with-words.ts';
import { wholeProgram } from './whole-program.ts';

const test = suite('the completion for bash');

/** What bash offers when Tab is pressed after this line, in the place of the last part of it that is a word to bash. */
async function completedLine(
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const script = `${bashCompletion(wholeProgram())}
    compopt() { :; }
    COMP_WORDBREAKS=$' \\t\\n"\\'><=;|&(:' COMP_LINE=$1 COMP_POINT=\${#1}
    _banspool
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const offered = await outputOf(['bash', '-uc', script, 'bash', line], { env });
  return offered.split('\n').filter((each) => each !== '');
}

async function completed(...words: readonly string[]): Promise<readonly string[]> {
  return completedLine(['banspool', ...words].join(' '));
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

test('offers the values of an option behind an equals sign, and nothing before there is a word', async () => {
  assert.equal(await completed('status', '--config=/etc/os-rel'), ['/etc/os-release']);
  assert.equal(await completed('list', '--sort=pa'), ['packets']);
  assert.equal(await completed('list', '--output', ''), ['table', 'wide', 'plain', 'csv', 'json']);
  assert.equal(await completedLine('banspool'), []);
  assert.equal(await completed('$(touch /tmp/x)', '"un', 'un'), ['unban']);
});

test('offers in bash what the program knows, of an IPv6 address the part behind its last colon', async () => {
  await using sandbox = await sandboxWithWords();
  const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
    const line = lineOf(sandbox, words);
    return completedLine(line, pathWith(sandbox));
  };

  assert.equal(await offered('unban', '203.0.113.9', '203.'), ['203.0.113.70', '203.0.113.8']);
  assert.equal(await offered('why', '2001:db8:7'), ['7::7']);
  assert.equal(await offered('server remove', 'web-'), ['web-1']);
  assert.equal(await offered('history', '--jail=ng'), ['nginx-limit_req.x']);
  assert.equal(await offered('history', '--server', 'ma'), ['mail']);
  assert.equal(await offered('unban', '--al'), ['--all']);
});

test.run();
