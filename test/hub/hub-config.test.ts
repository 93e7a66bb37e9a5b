import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accountInConfig, formatHubConfig } from '../../src/hub/hub-config.ts';
import { outputOf } from '../support/run-program.ts';

const test = suite('the config of a hub');

test('is read by git, and holds what a stranger could push', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'hub-')), 'config');
  writeFileSync(path, formatHubConfig('banspool-hub'));

  const read = await outputOf(['git', 'config', '-f', path, '--list']);

  for (const setting of [
    'core.bare=true',
    'receive.fsckobjects=true',
    'receive.maxinputsize=16m',
    'receive.denydeletes=true',
    'receive.denynonfastforwards=false',
    'uploadpack.allowanysha1inwant=false',
    'transfer.hiderefs=refs\ntransfer.hiderefs=!refs/heads/fw',
    'banspool.account=banspool-hub',
  ])
    assert.ok(read.includes(`${setting}\n`), setting);
});

test('tells the account of its hub, and that another repository is none', () => {
  assert.is(accountInConfig(formatHubConfig('git')), 'git');
  assert.is(accountInConfig('[core]\n\tbare = true\n'), undefined);
  assert.is(accountInConfig(''), undefined);
});

test.run();
