/** What `ban` and `unban` tell an operator of what became of his word. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { Sandbox } from '../support/sandbox.ts';
import { untilDropped } from '../support/until-dropped.ts';

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
        stderr: `banspool: ${ATTACKER} stays banned until unbanned: an earlier ban of it lasts longer\n`,
      },
    ],
  );
  assert.match(listed.stdout, 'until unbanned');
});

test('who waits for a ban that the policy lets through is told why it is not dropped', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.writePolicy('allow:\n  - { net: 192.0.2.0/24, note: office }\n');
  await sandbox.startController();

  const loopback = await sandbox.cli('ban', '127.0.0.1', '--wait');
  const office = await sandbox.cli('ban', '192.0.2.9', '--wait');

  assert.equal([loopback.code, office.code], [0, 0]);
  assert.is(
    lastLine(loopback.stderr),
    'banspool: 127.0.0.1 is claimed, and not dropped: inside 127.0.0.0/8, which is allowed: loopback',
  );
  assert.is(
    lastLine(office.stderr),
    'banspool: 192.0.2.9 is claimed, and not dropped: inside 192.0.2.0/24, which is allowed: policy.yaml line 2 (office)',
  );
});

test('who waits for an unban is told whether anything claimed the address', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.startController();
  sandbox.drop('web1', banText(ATTACKER));
  await untilDropped(ATTACKER);

  const otherJail = await sandbox.cli('unban', ATTACKER, '--jail', 'nginx', '--wait');
  const claimed = await sandbox.cli('unban', ATTACKER, '--wait');
  const unclaimed = await sandbox.cli('unban', '192.0.2.77', '--wait');

  assert.match(
    otherJail.stderr,
    /^banspool: nothing claimed 198\.51\.100\.7 in nginx\nbanspool: warning: 198\.51\.100\.7 is still dropped in sshd: web1 claims it until .*\n$/,
  );
  assert.equal(claimed, {
    code: 0,
    stdout: '',
    stderr: `banspool: every claim on ${ATTACKER} is lifted\n`,
  });
  assert.equal(unclaimed, { code: 0, stdout: '', stderr: 'banspool: nothing claimed 192.0.2.77\n' });
});

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}

test.run();
