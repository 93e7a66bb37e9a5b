import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../src/cli/main.ts';
import { HeardIo } from './cli/heard-io.ts';
import { runProgram } from './support/run-program.ts';

const test = suite('the program');

const PROGRAM = join(import.meta.dirname, '../banspool.js');

test('knows all commands, also where its first word is an option', async () => {
  const io = new HeardIo();
  await main(['--help'], io);

  const ran = await runProgram([process.execPath, PROGRAM, '--help']);

  assert.equal(ran, { code: 0, stdout: io.stdout, stderr: '' });
});

test.run();
