import { lchownSync, mkdtempSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ownerOf } from '../../../src/system/files/owner.ts';
import { run } from '../../../src/system/processes/run.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('the owner');

test('of a folder is told by name, or by number where nobody has that, and of a link is that of its folder', async () => {
  const folder = mkdtempSync('/run/owner-');
  symlinkSync(folder, join(folder, 'link'));

  assert.equal(await ownerOf(folder, run), { uid: 0, gid: 0, name: 'root', isCaller: true });
  assert.is(await ownerOf(join(folder, 'none'), run), undefined);
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  lchownSync(folder, NOBODY.uid, NOBODY.gid);
  assert.equal(await ownerOf(join(folder, 'link'), run), { ...NOBODY, name: 'nobody', isCaller: false });
  lchownSync(folder, 64_999, 64_998);
  assert.equal(await ownerOf(folder, run), { uid: 64_999, gid: 64_998, name: '64999', isCaller: false });
});

test('is told by number where accounts cannot be asked for', async () => {
  const owner = await ownerOf('/run', () => Promise.reject(new Error('getent is not installed')));

  assert.is(owner?.name, '0');
});

test.run();
