import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { snapshotText } from '../support/intent-text.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('the command line');

test('shows the list of commands for one that lacks its second word, and calls it a mistake', async () => {
  await using sandbox = await Sandbox.open();
  const [node = '', ...words] = sandbox.command('server').slice(0, -2);

  const server = await runProgram([node, ...words]);
  const unknown = await runProgram([node, ...words.slice(0, -1), 'help', 'nosuch']);
  const asked = await runProgram([node, ...words.slice(0, -1), 'help', 'server']);

  assert.equal([server.code, unknown.code, asked.code], [2, 2, 0]);
  assert.match(server.stderr, /Usage: banspool server .*give a server its folder/s);
  assert.match(unknown.stderr, /Usage: banspool .*reconcile/s);
  assert.match(asked.stdout, /Usage: banspool server /);
});

test('names the file that it cannot read', async () => {
  await using sandbox = await Sandbox.open();
  const words = sandbox.command('status').slice(0, -2);

  const ran = await runProgram([...words, '--config', sandbox.folder]);

  assert.equal([ran.code, ran.stderr.split('\n')[0]], [2, mistakeIn(sandbox.folder)]);
});

test('counts in a policy what is in force, and names the lines that are not any more', async () => {
  await using sandbox = await Sandbox.open();
  mkdirSync(sandbox.state, { recursive: true });
  writeFileSync(
    join(sandbox.state, 'policy.yaml'),
    'allow:\n  - { net: 203.0.113.7 }\n  - { net: 203.0.113.8, until: 2020-01-01 }\nlimits: { servers: { web1: { claims: 9 } } }\n',
  );

  const { stdout } = await sandbox.cli('check');

  assert.match(
    stdout,
    /policy\.yaml: good \(1 allowed, 0 denied, 1 ended and without effect: line 3, limits for 1 server\)$/m,
  );
});

test('says of a plan that more waits in the spool than it has read', async () => {
  await using sandbox = await Sandbox.open();
  const crowd = snapshotText(
    Array.from({ length: 20_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`),
  );
  const few = await sandbox.cli('plan');
  for (let number = 0; number < 6; number += 1) sandbox.drop('web1', crowd);

  const many = await sandbox.cli('plan');

  assert.equal([few.stderr, many.code], ['', 3]);
  assert.match(
    many.stdout,
    /\n\d rules to add, 0 to remove; 20,000 set members to add, 0 to remove; banspool reconcile does it\n$/,
  );
  assert.match(many.stderr, /^banspool: warning: more waits in the spool than one look reads/m);
});

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

function mistakeIn(folder: string): string {
  return `banspool: error: cannot read ${folder}: EISDIR: illegal operation on a directory, read`;
}

test.run();
