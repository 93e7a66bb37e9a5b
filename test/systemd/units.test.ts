import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runProgram } from '../support/run-program.ts';

const test = suite('the systemd units');

const UNITS = join(import.meta.dirname, '../../../systemd');

test('are understood by systemd to the last line', async () => {
  const folder = mkdtempSync('/run/units-');
  const names = readdirSync(UNITS);
  for (const name of names) {
    // It looks whether the programs are there, and ours is not installed.
    const text = readFileSync(join(UNITS, name), 'utf8').replaceAll('/usr/bin/banspool', '/bin/true');
    writeFileSync(join(folder, name), text);
  }

  const ran = await runProgram(['systemd-analyze', 'verify', ...names.map((name) => join(folder, name))]);

  assert.is(ran.stderr, '');
  assert.is(ran.code, 0);
});

test.run();
