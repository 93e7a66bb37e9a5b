import { chmodSync, chownSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { foreignEntries, isOpenToAll } from '../../../src/system/files/foreign-entries.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('what is foreign in a folder');

test('is what is neither its user’s nor open to him or his group', () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  const folder = mkdtempSync('/run/foreign-');
  const make = (name: string, mode: number, [uid, gid]: readonly [number, number] = [0, 0]): void => {
    writeFileSync(join(folder, name), '');
    chownSync(join(folder, name), uid, gid);
    chmodSync(join(folder, name), mode);
  };
  make('his', 0o400, [NOBODY.uid, 0]);
  make('of-his-group', 0o660, [0, NOBODY.gid]);
  make('open', 0o666);
  make('of-another-group', 0o664);
  make('readable', 0o644, [0, NOBODY.gid]);
  mkdirSync(join(folder, 'a-folder/below'), { recursive: true });
  symlinkSync('his', join(folder, 'a-link'));

  assert.equal(foreignEntries(folder, NOBODY), [
    folder,
    ...['a-folder', 'of-another-group', 'readable'].map((name) => join(folder, name)),
  ]);
  assert.equal(foreignEntries(join(folder, 'none'), NOBODY), []);
});

test('can be told of a folder that everybody may enter', () => {
  const folder = mkdtempSync('/run/open-');

  assert.equal([isOpenToAll(folder), isOpenToAll('/usr'), isOpenToAll('/run/none')], [false, true, false]);
});

test.run();
