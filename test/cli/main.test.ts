import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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

test.run();
