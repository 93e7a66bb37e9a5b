/** What `confirm` keeps of what is tried, and what it leaves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makePass, worldOf } from '../../support/pass.ts';
import { Sandbox } from '../../support/sandbox.ts';
import { DENIED, dropped, LONG_MS, tryBoth } from '../../support/try-both.ts';

const test = suite('what is tried');

test('stays for its whole length once it is confirmed, and can be confirmed once', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await tryBoth(sandbox);
  await sandbox.cli('reconcile');

  const confirmed = await sandbox.cli('confirm');
  await sandbox.cli('reconcile');
  const again = await sandbox.cli('confirm');
  await makePass(worldOf(sandbox, { now: () => Date.now() + LONG_MS }));

  assert.is(confirmed.code, 0, confirmed.stderr);
  assert.match(
    confirmed.stderr,
    /^banspool: ban of 203\.0\.113\.0\/24 until .* is confirmed; .*\nbanspool: policy confirmed and written to /,
  );
  assert.is(again.code, 1);
  assert.match(again.stderr, 'error: nothing is waiting for confirmation\n');
  assert.equal(await dropped(), [true, true]);
  assert.match(await sandbox.git('show', 'HEAD:policy.yaml'), DENIED);
});

test('is not written over an edit that was made meanwhile, which check says when it counts', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await sandbox.cli('reconcile');
  await tryBoth(sandbox);
  const edit = 'allow:\n  - { net: 198.51.100.0/24 }\n';
  const before = await sandbox.cli('check');

  sandbox.writePolicy(edit);
  const [check, confirmed] = [await sandbox.cli('check'), await sandbox.cli('confirm')];

  for (const { code, stdout } of [before, check]) {
    assert.is(code, 0);
    assert.match(stdout, /policy\.yaml: takes effect at .*: another policy is on trial until then/);
  }
  assert.is(confirmed.code, 1);
  assert.match(confirmed.stderr, /policy\.yaml was edited during the trial/);
  assert.match(confirmed.stderr, 'banspool: hint: merge both into one file and run banspool policy apply');
  assert.is(readFileSync(join(sandbox.state, 'policy.yaml'), 'utf8'), edit);
  assert.ok(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test('is confirmed where policy.yaml holds the same already, as after a confirm that was killed', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');
  await sandbox.cli('reconcile');
  await tryBoth(sandbox);
  sandbox.writePolicy(`deny:\n  - { net: ${DENIED} }\n`);

  const { code, stderr } = await sandbox.cli('confirm');

  assert.is(code, 0, stderr);
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test.run();
