import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readGivenText, readGivenTime } from '../../src/cli/read-given-text.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('a file that is named on the command line');

test('is read, be it a pipe or standard input; one that is not there is told by its name', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'text');
  writeFileSync(path, 'hello\n');
  mkdirSync(`${path}s`);
  const tell = async (file: string): Promise<string> =>
    readGivenText(new HeardIo(), file).catch((error: unknown) => String(error));
  sandbox.writePolicy('{}\n');
  const input = { input: 'allow: []\n' };

  const ofInput = await runProgram(sandbox.command('policy', 'apply', '-'), input);

  assert.is(await tell(path), 'hello\n');
  assert.match(await tell('/nowhere'), 'there is no file /nowhere');
  assert.match(await tell(`${path}s`), `cannot read ${path}s: EISDIR`);
  assert.is(ofInput.code, 0, ofInput.stderr);
});

test('was written when its file was, and standard input now', async () => {
  await using sandbox = await Sandbox.open();
  const path = join(sandbox.folder, 'text');
  writeFileSync(path, 'hello\n');
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  const io = new HeardIo();

  assert.equal(
    [
      await readGivenTime(io, path, 5),
      await readGivenTime(io, '-', 5),
      await readGivenTime(io, '/nowhere', 5),
    ],
    [1_700_000_000_000, 5, 5],
  );
});

test.run();
