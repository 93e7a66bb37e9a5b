import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXIT, exitCodeOf } from '../../src/cli/exit-codes.ts';

const test = suite('exit codes');

const SPEC = join(import.meta.dirname, '../../../SPEC.md');

test('are those that SPEC.md tells of', () => {
  const [table = ''] = /^\| exit code \|[^]*?\n\n/m.exec(readFileSync(SPEC, 'utf8')) ?? [];

  const told = Array.from(table.matchAll(/^\| (\d+) \|/gm), ([, code]) => Number(code));
  assert.equal(told, Object.values(EXIT));
});

test('tell causes apart for who goes by them, and are 1 for all others', () => {
  assert.equal([exitCodeOf('usage'), exitCodeOf('config')], [2, 2]);
  assert.equal([exitCodeOf('damaged-state'), exitCodeOf('not-converged')], [4, 5]);
  assert.equal([exitCodeOf('locked'), exitCodeOf('lock-lost'), exitCodeOf('interrupted')], [11, 11, 130]);
  for (const code of ['command-failed', 'command-timeout', 'command-missing', 'io', 'refused'] as const)
    assert.is(exitCodeOf(code), 1, code);
});

test.run();
