import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProgram } from '../../src/cli/program.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('the program');

test('has each command once, with a config file and a word on what it is for', () => {
  const { commands } = makeProgram({ io: new HeardIo(), exitCode: 0 });

  const names = commands.map((command) => command.name());
  assert.equal(names, [...new Set(names)]);
  assert.ok(names.includes('run') && names.includes('status'));
  for (const command of commands) assert.is.not(command.description(), '', command.name());
});

test.run();
