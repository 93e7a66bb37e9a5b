import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { makeProgram } from '../../src/cli/program.ts';
import { HeardIo } from './heard-io.ts';

const test = suite('the program');

const PACKAGE = join(import.meta.dirname, '../../../package.json');

test('has the version of its package', () => {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };

  assert.is(makeProgram({ io: new HeardIo(), exitCode: 0 }).version(), version);
});

test('tells in its help of every exit code', () => {
  const io = new HeardIo();

  makeProgram({ io, exitCode: 0 }).outputHelp();

  const told = /Exit codes: ([^]*?)\./.exec(io.stdout)?.[1] ?? '';
  assert.equal(told.match(/\d+/g)?.map(Number), Object.values(EXIT));
});

test.run();
