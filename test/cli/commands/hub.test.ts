/** `banspool hub`, as far as it goes without an account of the machine: test/live/hub is with sshd. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';
import { runProgram } from '../../support/run-program.ts';

const test = suite('hub');

const MISTAKES: Readonly<Record<string, RegExp>> = {
  'hub list --dir /nowhere/fleet.git':
    /there is no hub in \/nowhere\/fleet\.git\n.*hint: name it with --dir DIR/,
  'hub remove fw1 --dir /nowhere/fleet.git': /there is no hub in/,
  'hub add default --key /dev/null': /"default" cannot be the name of a firewall/,
  'hub add fw1.lock --key /dev/null': /"fw1\.lock" cannot be the name of a firewall/,
  'hub add fw1': /required option '--key <file>' not specified/,
  'hub add fw1 --key /dev/null': /--key: \/dev\/null: expected one key, found 0/,
  'hub init /run/a%b': /"\/run\/a%b" cannot be the folder of a hub/,
  'hub init /proc/self': /\/proc\/self is not empty, and not a hub/,
};

test('tells each mistake, and changes nothing', async () => {
  await using sandbox = await Sandbox.open();

  for (const [words, told] of Object.entries(MISTAKES)) {
    const [file = '', ...command] = sandbox.command(...words.split(' '));
    const { code, stdout, stderr } = await runProgram([file, ...withoutConfig(command)]);
    assert.equal([words, code, stdout], [words, 2, '']);
    assert.match(stderr, told);
  }
});

/** There need not be a firewall on a hub. */
function withoutConfig(words: readonly string[]): readonly string[] {
  return words.filter((word, at) => word !== '--config' && words[at - 1] !== '--config');
}

test.run();
