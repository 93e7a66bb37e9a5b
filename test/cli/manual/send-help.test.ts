import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSendHelp } from '../../../src/cli/manual/send-help.ts';
import { sendHelp } from './whole-program.ts';

const test = suite('the help of banspool-send');

test('is read as commands, keys and exit codes, each with its text', () => {
  const help = [
    'Usage: tool COMMAND',
    '',
    '  ship       sends; exit 1 when',
    '             it could not',
    '  setup HOST [--name N]',
    '             makes a key',
    '',
    'Config: /etc/tool.conf, lines KEY = VALUE:',
    '',
    '  server = web1      its name',
    '  socket = /run/x.sock',
    '',
    'Exit codes: 0 done.',
  ];

  assert.equal(readSendHelp(help.join('\n')), {
    commands: [
      { usage: 'ship', text: 'sends; exit 1 when it could not' },
      { usage: 'setup HOST [--name N]', text: 'makes a key' },
    ],
    keys: [
      { example: 'server = web1', text: 'its name' },
      { example: 'socket = /run/x.sock', text: '' },
    ],
    exitCodes: 'Exit codes: 0 done.',
  });
});

test('says something of each command and each key that the script has', async () => {
  const { commands, keys, exitCodes } = readSendHelp(await sendHelp());

  assert.ok(commands.length >= 7 && keys.length >= 9);
  for (const { usage, text } of commands) assert.match(text, /\w{4}/, usage);
  for (const { example, text } of keys) assert.match(text, /\w{4}/, example);
  assert.match(exitCodes, /0 done/);
});

test.run();
