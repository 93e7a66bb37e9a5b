import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { takeLock } from '../../../src/system/files/lock.ts';
import { countGenerations } from '../../support/count-generations.ts';
import { banText } from '../../support/intent-text.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('reconcile');

const ATTACKER = '198.51.100.7';

test('makes no netfilter transaction when nothing is to be changed', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));

  const first = await countGenerations(() => sandbox.cli('reconcile'));
  const second = await countGenerations(() => sandbox.cli('reconcile'));

  assert.is(first, 1);
  assert.is(second, 0);
});

test('leaves word in status.json of a pass that failed, and none where the lock is another’s', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText(ATTACKER));
  await makePass(worldOf(sandbox));
  const path = join(sandbox.folder, 'status.json');
  const lock = await takeLock(sandbox.state, 0);

  const locked = await sandbox.cli('reconcile', '--lock-wait', '0.1');
  const wasTold = existsSync(path);
  await lock.release();
  writeFileSync(join(sandbox.state, 'claims/ipv4/198.yaml'), '[');
  const damaged = await sandbox.cli('reconcile');

  assert.equal([locked.code, wasTold], [11, false], locked.stderr);
  assert.is(damaged.code, 4, damaged.stderr);
  assert.match(sandbox.status().passes.at(-1)?.problem ?? '', 'claims/ipv4/198.yaml');
});

test.run();
