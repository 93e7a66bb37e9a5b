/** Root, and a state of another user: what root writes there locks that user out. */
import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { banText } from '../support/intent-text.ts';
import { isUserNamespace } from '../support/namespaces.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('root');

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

for (const command of ['reconcile', 'run'] as const) {
  test(`is refused ${command} on another user’s state before anything is touched, and told how it is done`, async () => {
    // There is one user in a user namespace.
    if (isUserNamespace()) return;
    await using sandbox = await openOfNobody();
    const before = readdirSync(sandbox.folder);

    const withoutState = await sandbox.cli(command);
    const after = readdirSync(sandbox.folder);
    mkdirSync(sandbox.state);
    chownSync(sandbox.state, NOBODY, NOBODY);
    chownSync(sandbox.folder, 0, 0);
    const withState = await sandbox.cli(command);

    for (const { code, stderr } of [withoutState, withState]) {
      assert.is(code, 2, stderr);
      assert.is(
        stderr,
        `banspool: error: the state in ${sandbox.state} belongs to nobody, and files that root writes there lock that user out\n` +
          `banspool: hint: ${commandOf(sandbox, command)}\n`,
      );
    }
    assert.equal(after, before);
    assert.equal(readdirSync(sandbox.state), []);
    assert.is(sandbox.waiting().length, 1);
  });
}

test.run();
