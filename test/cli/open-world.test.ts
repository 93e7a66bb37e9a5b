import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the command line');

test('names the file that it cannot read', async () => {
  await using sandbox = await Sandbox.open();
  const words = sandbox.command('status').slice(0, -2);

  const ran = await runProgram([...words, '--config', sandbox.folder]);

  assert.equal([ran.code, ran.stderr.split('\n')[0]], [2, mistakeIn(sandbox.folder)]);
});

function mistakeIn(folder: string): string {
  return `banspool: error: cannot read ${folder}: EISDIR: illegal operation on a directory, read`;
}

test.run();
