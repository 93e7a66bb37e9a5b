import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText, snapshotText } from '../../../support/intent-text.ts';
import { isUserNamespace } from '../../../support/namespaces.ts';
import { commandOf, openOfNobody } from '../../../support/of-nobody.ts';
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

test.run();
