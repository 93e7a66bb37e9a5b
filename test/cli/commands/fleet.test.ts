import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('fleet');

test('refuses a config that shares nothing by git, and says where to read how', async () => {
  await using sandbox = await Sandbox.open();
  const fleet = join(sandbox.folder, 'fleet');

  const none = await sandbox.cli('fleet');
  sandbox.configure({ fleet: `{ name: fw1, folder: ${fleet} }` });
  const folder = await sandbox.cli('fleet');

  for (const { code, stdout, stderr } of [none, folder]) {
    assert.equal([code, stdout], [2, '']);
    assert.match(stderr, `error: ${sandbox.configPath} has no fleet with engine: git or engine: valkey`);
    assert.match(stderr, 'hint: docs/fleet.md describes how to set one up');
  }
});

test.run();
