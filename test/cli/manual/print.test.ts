import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { outputOf, runProgram } from '../../support/run-program.ts';

const test = suite('print');

const PRINT = join(import.meta.dirname, '../../../src/cli/manual/print.js');
const PACKAGE = join(import.meta.dirname, '../../../../package.json');

async function printed(kind: string, input = ''): Promise<readonly [number | undefined, string, string]> {
  const { code, stdout, stderr } = await runProgram([process.execPath, PRINT, kind], { input });
  return [code, stdout.split('\n')[0] ?? '', stderr];
}

const roffOf = async (input: string): Promise<string> =>
  outputOf([process.execPath, PRINT, 'roff'], { input });

test('prints each completion, and what there is to ask for', async () => {
  assert.equal(await Promise.all(['bash', 'zsh', 'fish', 'csh'].map((kind) => printed(kind))), [
    [0, '# bash completion for banspool, made from the program itself', ''],
    [0, '#compdef banspool', ''],
    [0, '# fish completion for banspool, made from the program itself', ''],
    [2, '', 'usage: print.js bash|zsh|fish|roff|fill\n'],
  ]);
});

test('turns a page into roff with the version of the package, and fills one', async () => {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };

  assert.equal(await printed('roff', '# tool(1)\n'), [
    0,
    `.TH TOOL 1 "" "banspool ${version}" "User Commands"`,
    '',
  ]);
  assert.equal(await printed('fill', 'text\n'), [0, 'text', '']);
});

test('turns several pages into as many, each by itself', async () => {
  const pages = ['# tool(1)\n\n## NAME\n\ntool - does it\n', '# file(5)\n'];

  const each = await Promise.all(pages.map(roffOf));

  assert.is(await roffOf(pages.join('\0')), each.join('\0'));
});

test.run();
