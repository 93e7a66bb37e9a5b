import { mkdirSync, rmSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../../support/intent-text.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('accept');

test('lets commands answer again where the state from before is gone', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await makePass(worldOf(sandbox));
  rmSync(sandbox.state, { recursive: true });
  mkdirSync(sandbox.state);

  const missed = await sandbox.cli('list');
  const accepted = await sandbox.cli('accept');
  const list = await sandbox.cli('list');

  assert.is(missed.code, 4, missed.stderr);
  assert.equal([accepted.code, list.code], [0, 0], accepted.stderr + list.stderr);
  assert.match(accepted.stderr, `banspool: the next pass uses ${sandbox.state} as it is; `);
});

test.run();
