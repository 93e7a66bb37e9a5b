/** What `ban` tells an operator of what became of his word. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('an operator');

const ATTACKER = '198.51.100.7';

test('who waits for a shorter ban of what is banned for longer is told that the longer one stays', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();

  const first = await sandbox.cli('ban', ATTACKER, '--wait');
  const second = await sandbox.cli('ban', ATTACKER, '--for', '1h', '--wait');
  const listed = await sandbox.cli('list');

  assert.equal(
    [first, second],
    [
      { code: 0, stdout: '', stderr: `banspool: ${ATTACKER} is banned until unbanned\n` },
      {
        code: 0,
        stdout: '',
        stderr: `banspool: ${ATTACKER} stays banned until unbanned: an earlier ban lasts longer\n`,
      },
    ],
  );
  assert.match(listed.stdout, 'until unbanned');
});

test('who waits for a forced ban that the policy lets through is told why it is not dropped', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  await sandbox.startController();

  const { code, stderr } = await sandbox.cli('ban', '192.0.2.9', '--force', '--wait');

  assert.is(code, 0);
  assert.is(
    stderr,
    'banspool: 192.0.2.9 is claimed but not dropped: inside 192.0.2.0/24, which is allowed: policy.yaml line 2 (office)\n',
  );
});

test('may ban for as long as an intent can say', async () => {
  await using sandbox = await Sandbox.open();

  const banned = await sandbox.cli('ban', ATTACKER, '--for', '1157407d');
  const pass = await sandbox.cli('reconcile');
  const listed = await sandbox.cli('list');

  assert.equal([banned.code, pass.code], [0, 0], banned.stderr + pass.stderr);
  assert.match(listed.stdout, / in 1157407 d /);
});

test.run();
