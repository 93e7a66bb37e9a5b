import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../src/cli/main.ts';
import { HeardIo } from './cli/heard-io.ts';
import { runProgram } from './support/run-program.ts';

const test = suite('the controller as a program');

const PROGRAM = join(import.meta.dirname, '../banspool.js');

test('answers as the whole program does', async () => {
  for (const words of [
    ['run', '--help'],
    ['run', '--nosuch'],
    ['run', '--config', '/nowhere.yaml'],
  ]) {
    const io = new HeardIo();
    const code = await main(words, io);

    const ran = await runProgram([process.execPath, PROGRAM, ...words]);

    assert.equal(ran, { code, stdout: io.stdout, stderr: io.stderr });
  }
});

test.run();
