import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { emptyProgram } from '../../src/cli/empty-program.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('a program without commands');

test('tells in its help of every exit code', () => {
  const io = new HeardIo();

  emptyProgram({ io, exitCode: 0 }).outputHelp();

  const told = /Exit codes: ([^]*?)\./.exec(io.stdout)?.[1] ?? '';
  assert.equal(told.match(/\d+/g)?.map(Number), Object.values(EXIT));
});

test.run();
