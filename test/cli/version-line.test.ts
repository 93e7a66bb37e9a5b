import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { versionLine } from '../../src/cli/version-line.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite('the version');

const ROOT = join(import.meta.dirname, '../../..');

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

test('stands second in its line, before the Node that runs; modules that are not bundled know no commit', () => {
  assert.is(versionLine(), `banspool ${version} (unknown commit, Node ${process.versions.node})`);
});

test('comes from the program with what it was built from', async () => {
  const builtFrom = readFileSync(join(ROOT, 'dist/.built'), 'utf8').trim();

  const line = await outputOf([process.execPath, join(ROOT, 'dist/banspool.js'), '--version']);

  assert.is(line, `banspool ${version} (${builtFrom}, Node ${process.versions.node})\n`);
});

test.run();
