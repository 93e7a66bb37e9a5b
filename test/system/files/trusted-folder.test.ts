import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inFolder } from '../../../src/system/files/trusted-folder.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('a trusted folder');

/** In /run, which is root's alone; with a folder and a file in it. */
function newParent(): string {
  const parent = mkdtempSync('/run/trusted-');
  mkdirSync(join(parent, 'folder'));
  writeFileSync(join(parent, 'folder/file'), 'of root');
  return parent;
}

const readIn = (folder: string, trust: 'roots' | 'any'): string =>
  inFolder(folder, trust, (base) => readFileSync(join(base, 'file'), 'utf8'));

const failureOf = (act: () => unknown): string => {
  try {
    return `it came to ${String(act())}`;
  } catch (error) {
    return String(error);
  }
};

test('stays the same whatever becomes of its name meanwhile', () => {
  const parent = newParent();

  const read = inFolder(join(parent, 'folder'), 'roots', (base) => {
    renameSync(join(parent, 'folder'), join(parent, 'away'));
    mkdirSync(join(parent, 'folder'));
    writeFileSync(join(parent, 'folder/file'), 'of another');
    return readFileSync(join(base, 'file'), 'utf8');
  });

  assert.is(read, 'of root');
});

test('is reached by links of root’s, relative ones too, but by no circle of them', () => {
  const parent = newParent();
  symlinkSync('folder', join(parent, 'relative'));
  symlinkSync(join(parent, 'relative'), join(parent, 'absolute'));
  symlinkSync('.', join(parent, 'here'));
  symlinkSync('round', join(parent, 'round'));

  for (const name of ['absolute', 'here/folder']) assert.is(readIn(join(parent, name), 'roots'), 'of root');
  assert.match(
    failureOf(() => readIn(join(parent, 'round'), 'any')),
    `${parent}/round is a loop of symbolic links`,
  );
  assert.match(
    failureOf(() => readIn(join(parent, 'folder/file'), 'any')),
    `${parent}/folder/file is not a folder`,
  );
});

test('is reached by no link that another account made, or could have made', () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  const parent = newParent();
  const link = join(parent, 'link');
  symlinkSync('folder', link);
  lchownSync(link, NOBODY.uid, NOBODY.gid);
  const theirs = mkdtempSync('/run/trusted-');
  symlinkSync(join(parent, 'folder'), join(theirs, 'link'));
  chownSync(theirs, NOBODY.uid, NOBODY.gid);

  for (const path of [link, join(theirs, 'link')])
    assert.match(
      failureOf(() => readIn(path, 'any')),
      `${path} is a symbolic link that users other than root could have created`,
    );
});

test('has none above it that others may change, but for a sticky one', () => {
  const parent = newParent();

  assert.is(readIn(join(parent, 'folder'), 'roots'), 'of root');
  chmodSync(parent, 0o777);
  assert.match(
    failureOf(() => readIn(join(parent, 'folder'), 'roots')),
    `${parent} is writable by users other than root`,
  );
  assert.is(readIn(join(parent, 'folder'), 'any'), 'of root');
  chmodSync(parent, 0o1777);
  assert.is(readIn(join(parent, 'folder'), 'roots'), 'of root');
  chmodSync(join(parent, 'folder'), 0o1777);
  assert.match(
    failureOf(() => readIn(join(parent, 'folder'), 'roots')),
    `${parent}/folder is writable by users other than root`,
  );
});

test.run();
