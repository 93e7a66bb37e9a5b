import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../../support/run-program.ts';

const test = suite('print');

const PRINT = join(import.meta.dirname, '../../../src/cli/manual/print.js');
const PACKAGE = join(import.meta.dirname, '../../../../package.json');

test('prints what is asked for, and the manual page with the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };

  const printed = await Promise.all(
    ['man', 'bash', 'zsh', 'fish', 'csh'].map((kind) => runProgram([process.execPath, PRINT, kind])),
  );

  assert.equal(
    printed.map(({ code, stdout, stderr }) => [code, stdout.split('\n')[0], stderr]),
    [
      [0, `.TH BANSPOOL 8 "" "banspool ${version}" "System Administration"`, ''],
      [0, '# bash completion for banspool, made from the program itself', ''],
      [0, '#compdef banspool', ''],
      [0, '# fish completion for banspool, made from the program itself', ''],
      [2, '', 'usage: print.js man|bash|zsh|fish\n'],
    ],
  );
});

test.run();
