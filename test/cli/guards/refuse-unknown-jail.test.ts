/** What an operator types slips now and then. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../../support/intent-text.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('an operator');

test('is told which jails there are when he bans in one that no server has, and may force it', async () => {
  await using sandbox = await Sandbox.open();
  const first = await sandbox.cli('ban', '198.51.100.7', '--jail', 'sshd');
  sandbox.drop('web1', banText('198.51.100.8', { jail: 'nginx' }));

  const typo = await sandbox.cli('ban', '198.51.100.9', '--jail', 'ssdh');
  const waiting = sandbox.waiting().length;
  const known = await sandbox.cli('ban', '198.51.100.9', '--jail', 'nginx');
  const forced = await sandbox.cli('ban', '198.51.100.9', '--jail', 'ssdh', '--force');

  assert.is(first.code, 0, first.stderr);
  assert.equal(typo, {
    code: 1,
    stdout: '',
    stderr:
      'banspool: error: no server has a jail "ssdh"\nbanspool: hint: the jails are sshd, nginx; --force creates a new one\n',
  });
  assert.is(waiting, 2);
  assert.equal([known.code, forced.code], [0, 0], known.stderr + forced.stderr);
});

test.run();
