import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/cli/open-world.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { HeardIo } from './heard-io.ts';

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

test('tells the place of the first mistake in its config, and which command shows all', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.configure({ interval: 'often', families: '[ipv5]' });
  const { configPath: path } = sandbox;

  const failed = await loadConfig(new HeardIo(), path).catch((error: unknown) => error);

  assert.instance(failed, BanspoolError);
  const { code, message, hint } = failed as BanspoolError;
  assert.is(code, 'config');
  assert.match(message, new RegExp(`^${path}:5:\\d+: .*often`));
  assert.is(hint, `banspool check --config ${path} shows all mistakes`);
});

test.run();
