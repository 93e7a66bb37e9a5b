/** What doctor says of whose the files are. */
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUserNamespace } from '../support/namespaces.ts';
import { Sandbox } from '../support/sandbox.ts';
import { complaintsOf, openOfNobody } from './examined.ts';

const doctor = suite('doctor');

doctor(
  'run by root has nothing to say against a state that is all another user’s, but for people’s files',
  async () => {
    // There is one user in a user namespace.
    if (isUserNamespace()) return;
    await using sandbox = await Sandbox.open();
    const world = await openOfNobody(sandbox);
    chownSync(join(sandbox.state, 'policy.yaml'), 0, 0);

    assert.equal(await complaintsOf(world), []);
  },
);

doctor(
  'run by root tells what in another user’s state is root’s, so that he cannot write there',
  async () => {
    if (isUserNamespace()) return;
    await using sandbox = await Sandbox.open();
    const world = await openOfNobody(sandbox);
    const { folder, state, rejected } = sandbox;
    mkdirSync(join(rejected, 'local'));
    for (const path of ['.git/index', 'servers', 'servers/web1.yaml']) chownSync(join(state, path), 0, 0);
    writeFileSync(join(folder, 'status.json'), '{}');

    assert.equal(await complaintsOf(world), [
      `bad ${state}/.git/index and 2 more do not belong to nobody, who cannot write there | chown -R nobody: ${state}`,
      `bad ${rejected}/local does not belong to nobody, who cannot write there | chown -R nobody: ${rejected}`,
      `bad ${folder}/status.json does not belong to nobody, who cannot write there | chown nobody: ${folder}/status.json`,
    ]);
  },
);

doctor.run();
