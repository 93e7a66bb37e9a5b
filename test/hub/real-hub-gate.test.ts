import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { realHubGate } from '../../src/hub/real-hub-gate.ts';

const test = suite('the real gate of a hub');

test('has scripts that are there and can be run, and knows who asks', () => {
  const { scripts, caller, callerName } = realHubGate();

  for (const name of ['door', 'update', 'post-receive']) accessSync(join(scripts, name), constants.X_OK);
  assert.equal([caller, callerName], [{ uid: 0, gid: 0 }, 'root']);
});

test.run();
