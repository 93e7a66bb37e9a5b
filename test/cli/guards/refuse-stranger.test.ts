/** Root, and a state of another user: what root writes there locks that user out. */
import { chownSync, mkdirSync, readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUserNamespace } from '../../support/namespaces.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { commandOf, openOfNobody } from '../../support/of-nobody.ts';

const test = suite('root');

for (const command of ['reconcile', 'run'] as const) {
  test(`is refused ${command} on another user’s state before anything is touched, and told how it is done`, async () => {
    // There is one user in a user namespace.
    if (isUserNamespace()) return;
    await using sandbox = await openOfNobody();
    const before = readdirSync(sandbox.folder);

    const withoutState = await sandbox.cli(command);
    const after = readdirSync(sandbox.folder);
    mkdirSync(sandbox.state);
    chownSync(sandbox.state, NOBODY.uid, NOBODY.gid);
    chownSync(sandbox.folder, 0, 0);
    const withState = await sandbox.cli(command);

    for (const { code, stderr } of [withoutState, withState]) {
      assert.is(code, 2, stderr);
      assert.is(
        stderr,
        `banspool: error: the state in ${sandbox.state} belongs to nobody, who cannot write to files that root creates there\n` +
          `banspool: hint: ${commandOf(sandbox, command)}\n`,
      );
    }
    assert.equal(after, before);
    assert.equal(readdirSync(sandbox.state), []);
    assert.is(sandbox.waiting().length, 1);
  });
}

test.run();
