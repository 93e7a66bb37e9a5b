import { chownSync, mkdtempSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callerName, identityFor, realIdentity } from '../../src/system/user.ts';
import { askAsNobody, NOBODY } from '../support/as-nobody.ts';
import { isUserNamespace } from '../support/namespaces.ts';

const test = suite('as whom it is at work');

test('who acts as another starts programs as root, and is called as he acts', async () => {
  assert.equal([realIdentity(), callerName()], [undefined, 'root']);
  // There is one user in a user namespace.
  if (isUserNamespace()) return;

  const code = { module: 'system/user.js', expression: '[module.realIdentity(), module.callerName()]' };
  const asNobody = await askAsNobody(code);
  const asUnknown = await askAsNobody({ ...code, ids: { uid: 64_999, gid: 64_999 } });

  assert.equal(asNobody, [{ uid: 0, gid: 0 }, 'nobody']);
  assert.equal(asUnknown, [{ uid: 0, gid: 0 }, '64999']);
});

test('root starts the programs of a folder as its owner, where that is not root', () => {
  const folder = mkdtempSync('/run/user-');

  assert.is(identityFor(folder), undefined);
  assert.is(identityFor(`${folder}/none`), undefined);
  if (isUserNamespace()) return;
  chownSync(folder, NOBODY.uid, NOBODY.gid);
  assert.equal(identityFor(folder), NOBODY);
});

test.run();
