import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writePolicy } from '../../../src/cli/policy/write-policy.ts';
import { readTrial } from '../../../src/policy/trial.ts';
import { worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('a policy that is written');

const BY = { did: 'Apply a policy', env: {} };

test('is in force alone, or beside one that is tried until its end', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const [path, trial] = ['policy.yaml', 'policy.trial.yaml'].map((name) => join(sandbox.state, name));
  const tried = { until: 1_800_000_000_000, text: 'deny: []\n' };

  await writePolicy(world, { tried, ...BY });
  const alone = [existsSync(path ?? ''), readTrial(readFileSync(trial ?? '', 'utf8'))];
  await writePolicy(world, { text: '{}\n', tried, ...BY });
  const both = [readFileSync(path ?? '', 'utf8'), existsSync(trial ?? '')];
  await writePolicy(world, { text: 'allow: []\n', tried: undefined, ...BY });

  assert.equal(alone, [false, tried]);
  assert.equal(both, ['{}\n', true]);
  assert.equal([readFileSync(path ?? '', 'utf8'), existsSync(trial ?? '')], ['allow: []\n', false]);
});

test('that the disk has no room for is an error that says where, and whose it has to be', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const files = { ...world.files, write: () => Promise.reject(new Error('ENOSPC: no space left')) };

  const failed = await writePolicy({ ...world, files }, { text: '{}\n', tried: undefined, ...BY }).catch(
    (error: unknown) => error,
  );

  assert.match(String(failed), `cannot write to ${sandbox.state}: ENOSPC: no space left`);
});

test.run();
