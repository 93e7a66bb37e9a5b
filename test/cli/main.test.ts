import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../src/cli/main.ts';
import { runProgram } from '../support/run-program.ts';
import { Sandbox } from '../support/sandbox.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('the command line');

test('shows the list of commands for one that lacks its second word, and calls it a mistake', async () => {
  await using sandbox = await Sandbox.open();
  const [node = '', ...words] = sandbox.command('server').slice(0, -2);

  const server = await runProgram([node, ...words]);
  const unknown = await runProgram([node, ...words.slice(0, -1), 'help', 'nosuch']);
  const asked = await runProgram([node, ...words.slice(0, -1), 'help', 'server']);

  assert.equal([server.code, unknown.code, asked.code], [2, 2, 0]);
  assert.match(server.stderr, /Usage: banspool server .*create a folder in the spool/s);
  assert.match(unknown.stderr, /Usage: banspool .*reconcile/s);
  assert.match(asked.stdout, /Usage: banspool server /);
});

test('says on stderr what is wrong and what to do, and ends with the code of the cause', async () => {
  const cases: readonly (readonly [words: readonly string[], code: number, error: RegExp])[] = [
    [[], 2, /^Usage: banspool /],
    [
      ['ban', '192.0.2.1', '--nosuch'],
      2,
      /^banspool: error: unknown option '--nosuch'\nbanspool: hint: see banspool --help for /,
    ],
    [
      ['list', '--config', '/nowhere.yaml'],
      2,
      /^banspool: error: there is no config file \/nowhere\.yaml\nbanspool: hint: specify another with --config FILE\n$/,
    ],
  ];

  for (const [words, code, error] of cases) {
    const io = new HeardIo();

    assert.is(await main(words, io), code);

    assert.is(io.stdout, '');
    assert.match(io.stderr, error);
  }
});

test('answers on stdout where it is asked for help or its version, which is no failure', async () => {
  for (const [word, answer] of [
    ['--help', /^Usage: banspool /],
    ['--version', /^banspool \d+\.\d+\.\d+ \(.*, Node [\d.]+\)\n$/],
  ] as const) {
    const io = new HeardIo();

    assert.is(await main([word], io), 0);

    assert.match(io.stdout, answer);
    assert.is(io.stderr, '');
  }
});

test.run();
