import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readPolicyFile, readTrialFile } from '../../src/ledger/policy-files.ts';
import { formatTrial } from '../../src/policy/trial.ts';
import { files } from '../../src/system/files/files.ts';

const reading = suite<{ state: string }>('what people wrote of the policy');

reading.before.each((context) => {
  context.state = mkdtempSync(join(tmpdir(), 'banspool-'));
});

reading.after.each(({ state }) => {
  rmSync(state, { recursive: true, force: true });
});

reading(
  'a policy.yaml that is not there says nothing, and is told apart from one that does',
  async ({ state }) => {
    const world = { files, config: { state } };

    const missing = await readPolicyFile(world);
    writeFileSync(join(state, 'policy.yaml'), 'deny:\n  - { net: 192.0.2.0/24 }\n');
    const written = await readPolicyFile(world);

    const summary = [missing, written].map((read) =>
      read.kind === 'policy' ? [read.isThere, read.policy.deny.length] : read.kind,
    );
    assert.equal(summary, [
      [false, 0],
      [true, 1],
    ]);
  },
);

reading('one that is damaged is not one that cannot be read', async ({ state }) => {
  const world = { files, config: { state } };
  const path = join(state, 'policy.yaml');

  writeFileSync(path, 'deny: 7\n');
  const damaged = await readPolicyFile(world);
  rmSync(path);
  mkdirSync(path);
  const unreadable = await readPolicyFile(world);

  assert.equal([damaged.kind, unreadable.kind], ['mistakes', 'unreadable']);
});

reading('one that is tried is read whether its time is over or not', async ({ state }) => {
  const world = { files, config: { state } };
  const tried = { until: Date.UTC(2001, 0, 1), text: 'allow: []\n' };

  const none = await readTrialFile(world);
  writeFileSync(join(state, 'policy.trial.yaml'), formatTrial(tried));

  assert.is(none, undefined);
  assert.equal(await readTrialFile(world), tried);
});

reading.run();
