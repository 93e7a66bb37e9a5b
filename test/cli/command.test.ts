import { Command } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newCommand } from '../../src/cli/command.ts';

const test = suite('a command');

test('takes a config file, by default the one that a package brings', () => {
  const given: unknown[] = [];
  const program = new Command();
  newCommand(program, 'look <what>', 'looks').action((what: string, { config }: { config: string }) => {
    given.push([what, config]);
  });

  program.parse(['look', 'there'], { from: 'user' });
  program.parse(['look', 'here', '--config', 'mine.yaml'], { from: 'user' });

  assert.equal(given, [
    ['there', '/etc/banspool/config.yaml'],
    ['here', 'mine.yaml'],
  ]);
});

test('speaks where the program speaks, and ends nothing', () => {
  let help = '';
  const program = new Command().exitOverride().configureOutput({ writeOut: (text) => (help += text) });
  newCommand(program, 'look', 'looks');

  const asked = (): unknown => program.parse(['look', '--help'], { from: 'user' });

  assert.throws(asked, ({ code }: { code: string }) => code === 'commander.helpDisplayed');
  assert.match(help, /^Usage: .*look \[options\]\n\nlooks\n/);
});

test.run();
