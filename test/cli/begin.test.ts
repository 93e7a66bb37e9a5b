import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('a program at its begin');

test('tells in one line that its answer cannot be written', async () => {
  await using sandbox = await Sandbox.open();

  const ran = await runProgram([
    'sh',
    '-c',
    'exec "$@" >/dev/full',
    'sh',
    ...sandbox.command('list', '--help'),
  ]);

  assert.equal(
    [ran.code, ran.stderr],
    [1, 'banspool: error: cannot write the output: ENOSPC: no space left on device, write\n'],
  );
});

test('ends without a word where its reader has left', async () => {
  await using sandbox = await Sandbox.open();
  const [file = '', ...words] = sandbox.command('list', '--help');
  const program = spawn(file, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  program.stdout.destroy();

  const [stderr] = await Promise.all([text(program.stderr), once(program, 'close')]);

  assert.equal([program.exitCode, stderr], [0, '']);
});

test.run();
