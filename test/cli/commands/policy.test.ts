import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('policy apply');

test('is no policy that cannot be read', async () => {
  await using sandbox = await Sandbox.open();
  const file = join(sandbox.folder, 'new.yaml');
  writeFileSync(file, 'deny:\n  - { nett: 192.0.2.0/24 }\n');

  const ran = await sandbox.cli('policy', 'apply', file, '--confirm', '2m');

  assert.is(ran.code, 2);
  assert.match(ran.stderr, `error: ${file}:2: net is missing\nbanspool: hint: nothing was changed\n`);
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test.run();
