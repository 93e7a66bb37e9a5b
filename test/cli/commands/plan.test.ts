import { chownSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText, snapshotText } from '../../support/intent-text.ts';
import { isUserNamespace } from '../../support/namespaces.ts';
import { Sandbox } from '../../support/sandbox.ts';

const test = suite('plan');

/** The account without rights, which every Linux has. */
const NOBODY = 65534;

/** A state that is to be nobody's, with one ban in the spool. */
async function openOfNobody(): Promise<Sandbox> {
  const sandbox = await Sandbox.open();
  sandbox.drop('web1', banText('198.51.100.7'));
  chownSync(sandbox.folder, NOBODY, NOBODY);
  return sandbox;
}

/** How nobody makes the pass; the units know no other config than the one at its default place. */
const commandOf = ({ configPath }: Sandbox, command: 'reconcile' | 'run'): string =>
  `setpriv --reuid nobody --regid ${NOBODY} --clear-groups --inh-caps +net_admin,+net_raw --ambient-caps +net_admin,+net_raw banspool ${command} --config ${configPath}`;

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
  assert.match(many.stderr, /^banspool: warning: the spool holds more files than plan reads/m);
});

test.run();
