import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText, snapshotText } from '../../../support/intent-text.ts';
import { isUserNamespace } from '../../../support/namespaces.ts';
import { commandOf, openOfNobody } from '../../../support/of-nobody.ts';
import { runProgram } from '../../../support/run-program.ts';
import { Sandbox } from '../../../support/sandbox.ts';

const test = suite('plan');

test('tells root which command makes the pass as the owner of the state', async () => {
  if (isUserNamespace()) return;
  await using sandbox = await openOfNobody();

  const plan = await sandbox.cli('plan');

  assert.is(plan.code, 3, plan.stderr);
  assert.ok(plan.stdout.endsWith(`; to apply: ${commandOf(sandbox, 'reconcile')}\n`), plan.stdout);
});

test('tells the owner of the state that his own pass does it, which it does', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));

  const plan = await sandbox.cli('plan');
  const pass = await sandbox.cli('reconcile');

  assert.ok(plan.stdout.endsWith('; to apply: banspool reconcile\n'), plan.stdout);
  assert.is(pass.code, 0, pass.stderr);
});

test('says that more waits in the spool than it has read', async () => {
  await using sandbox = await Sandbox.open();
  const crowd = snapshotText(
    Array.from({ length: 20_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`),
  );
  const few = await sandbox.cli('plan');
  for (let number = 0; number < 6; number += 1) sandbox.drop('web1', crowd);

  const many = await sandbox.cli('plan');

  assert.equal([few.stderr, many.code], ['', 3]);
  assert.match(
    many.stdout,
    /\n\d rules to add, 0 to remove; 20,000 set members to add, 0 to remove; to apply: banspool reconcile\n$/,
  );
  assert.match(many.stderr, /^banspool: warning: the spool contains more files than plan reads/m);
});

test('of a policy of standard input names bans that differ to who may not ask the firewall, and who is dropped', async () => {
  await using sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  await sandbox.cli('reconcile');
  const policy = 'allow: [{ net: 198.51.100.0/24 }]\ndeny: [{ net: 203.0.113.0/24 }]\n';
  const options = { input: policy, env: { ...process.env, SSH_CONNECTION: '203.0.113.7 1 192.0.2.1 22' } };
  const withoutRights = ['setpriv', '--bounding-set', '-net_admin,-net_raw', '--inh-caps', '-all'];

  const may = await runProgram(sandbox.command('plan', '--policy', '-'), options);
  const mayNot = await runProgram([...withoutRights, ...sandbox.command('plan', '--policy', '-')], options);

  const effect =
    'this policy would end 1 ban and begin 1:\n' +
    '  - 198.51.100.7 in sshd  inside 198.51.100.0/24, which is allowed: policy.yaml line 1\n' +
    '  + 203.0.113.0/24  denied by line 2\n';
  assert.equal([may.code, mayNot.code], [3, 3]);
  assert.ok(may.stdout.startsWith('ipv4 ') && may.stdout.endsWith(`\n\n${effect}`), may.stdout);
  assert.is(mayNot.stdout, effect);
  assert.match(mayNot.stderr, 'only bans are compared, since the firewall cannot be read: ');
  for (const { stderr } of [may, mayNot])
    assert.match(stderr, 'warning: this policy drops 203.0.113.7, from which you are logged in\n');
});

test.run();
