import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';
import { tryBoth } from '../../support/try-both.ts';

const test = suite('policy apply');

test('of what cannot be read changes nothing, and tells the line', async () => {
  await using sandbox = await Sandbox.open();
  const file = join(sandbox.folder, 'new.yaml');
  writeFileSync(file, 'deny:\n  - { nett: 192.0.2.0/24 }\n');

  const ran = await sandbox.cli('policy', 'apply', file, '--confirm', '2m');

  assert.is(ran.code, 2);
  assert.match(ran.stderr, `error: ${file}:2: net is missing\nbanspool: hint: nothing was changed\n`);
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test('for good ends the trial of another, which would count instead', async () => {
  await using sandbox = await Sandbox.open();
  const file = join(sandbox.folder, 'good.yaml');
  writeFileSync(file, 'allow:\n  - { net: 198.51.100.0/24 }\n');
  await tryBoth(sandbox);
  const isTried = existsSync(join(sandbox.state, 'policy.trial.yaml'));

  const ran = await sandbox.cli('policy', 'apply', file);

  assert.match(ran.stderr, `banspool: ${sandbox.state}/policy.yaml written; no pass is due: `);
  assert.is(readFileSync(join(sandbox.state, 'policy.yaml'), 'utf8'), readFileSync(file, 'utf8'));
  assert.equal([isTried, existsSync(join(sandbox.state, 'policy.trial.yaml'))], [true, false]);
});

test('of a file that is not there changes nothing', async () => {
  await using sandbox = await Sandbox.open();

  const ran = await sandbox.cli('policy', 'apply', '/nowhere.yaml');

  assert.equal(ran, { code: 2, stdout: '', stderr: 'banspool: error: there is no file /nowhere.yaml\n' });
  assert.not(existsSync(join(sandbox.state, 'policy.yaml')));
});

test.run();
