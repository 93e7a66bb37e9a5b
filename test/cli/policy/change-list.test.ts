import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTrial } from '../../../src/policy/trial.ts';
import { makePass, worldOf } from '../../support/pass.ts';
import { runProgram } from '../../support/run-program.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('a network that a command puts into the policy');

const textOf = (sandbox: Sandbox, name = 'policy.yaml'): string =>
  readFileSync(join(sandbox.state, name), 'utf8');

test('is committed as what was done, by whom, and told so by history', async () => {
  await using sandbox = await Sandbox.open();
  await makePass(worldOf(sandbox));

  const ran = await sandbox.cli('deny', '203.0.113.77/24', '--note', 'scanners');
  await makePass(worldOf(sandbox));
  const history = await sandbox.cli('history', '--json');

  assert.is(ran.code, 0, ran.stderr);
  assert.match(textOf(sandbox), '\ndeny:\n  - { net: 203.0.113.0/24, note: scanners }\n');
  assert.match(await sandbox.git('log', '-1', '--format=%s'), /^deny 203\.0\.113\.0\/24, by \w+\n$/);
  const { events } = JSON.parse(history.stdout) as { events: readonly { kind: string; did?: string }[] };
  assert.match(
    events.find(({ kind }) => kind === 'policy-edited')?.did ?? '',
    /^deny 203\.0\.113\.0\/24, by \w+$/,
  );
});

test('goes back by itself where it is tried, and never in place of what another tries', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('{}\n');

  const ran = await sandbox.cli('deny', '203.0.113.0/24', '--confirm', '2m');
  const again = await sandbox.cli('deny', '203.0.113.0/25', '--confirm', '2m');
  const both = await sandbox.cli('allow', '203.0.113.9', '--for', '2h');

  assert.match(ran.stderr, 'is denied on trial; ');
  assert.match(again.stderr, 'error: another policy is on trial until ');
  assert.is(again.code, 1);
  assert.match(both.stderr, 'the policy that is on trial is changed too\n');
  assert.match(textOf(sandbox), /^allow:\n {2}- \{ net: 203\.0\.113\.9, until: \S+Z \}\n$/);
  assert.match(
    readTrial(textOf(sandbox, 'policy.trial.yaml'))?.text ?? '',
    /203\.0\.113\.0\/24[^]*203\.0\.113\.9/,
  );
});

test('changes nothing where the policy has a mistake, or what was typed has one', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('alow: []\n');

  const failed = await sandbox.cli('allow', '203.0.113.9');
  const notes = [];
  for (const note of ['', 'two\nlines', ' blank', '\u001b[31m', 'x'.repeat(201)])
    notes.push((await sandbox.cli('allow', '203.0.113.9', '--note', note)).code);
  const lengths = await sandbox.cli('allow', '203.0.113.9', '--for', 'soon');

  assert.match(failed.stderr, 'alow: unknown key');
  assert.equal(notes, [2, 2, 2, 2, 2]);
  assert.match(lengths.stderr, 'error: --for: "soon" is not a time');
  assert.is(textOf(sandbox), 'alow: []\n');
  assert.not(existsSync(join(sandbox.state, 'policy.trial.yaml')));
});

test('is told how to be written by hand where the policy stands in a form that no command edits', async () => {
  await using sandbox = await Sandbox.open();
  const text = '? allow\n: - { net: 203.0.113.9 }\n';
  sandbox.writePolicy(text);

  const ran = await sandbox.cli('allow', '203.0.113.9', '--remove');

  assert.equal([ran.code, textOf(sandbox)], [1, text]);
  assert.match(
    ran.stderr,
    'hint: nothing was changed; remove the entry of 203.0.113.9 below allow: by hand\n',
  );
});

test('is refused where it drops who asks, and where nothing would be dropped', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 198.51.100.0/24 }\n');
  const env = { ...process.env, SSH_CONNECTION: '203.0.113.7 50022 192.0.2.1 22' };

  const lockout = await runProgram(sandbox.command('deny', '203.0.113.0/24'), { env });
  const wide = await sandbox.cli('deny', '192.0.0.0/7');
  const idle = await sandbox.cli('deny', '198.51.100.9');
  const forced = await sandbox.cli('deny', '198.51.100.9', '--force');

  assert.match(
    lockout.stderr,
    'error: a denial of 203.0.113.0/24 drops 203.0.113.7, from which you are logged in',
  );
  assert.match(wide.stderr, 'error: 192.0.0.0/7 is wider than /8\n');
  assert.match(
    idle.stderr,
    'would not be dropped: it is inside 198.51.100.0/24, which is allowed by policy.yaml line 2\n',
  );
  assert.equal([lockout.code, wide.code, idle.code, forced.code], [1, 1, 1, 0]);
  assert.is(textOf(sandbox), 'allow:\n  - { net: 198.51.100.0/24 }\ndeny:\n  - { net: 198.51.100.9 }\n');
});

test.run();
