/** What is written for sshd to trust. That nothing of an account's making is followed, test/cli/commands/server has. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, linkSync, lstatSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { messageOf } from '../../../src/system/error.ts';
import { owned } from '../../../src/system/files/owned.ts';
import { NOBODY } from '../../support/as-nobody.ts';
import { isUserNamespace } from '../../support/namespaces.ts';

const test = suite('what is owned');

const ROOTS = { uid: 0, gid: 0, mode: 0o644 };

/** Nobody else's: the folder of temporary files is everybody's. */
const newFolder = (): string => mkdtempSync('/run/owned-');

test('is a new file in the place of the old one, with the owner and mode that it is to have', () => {
  const path = join(newFolder(), 'file');
  owned.write(path, 'old\n', ROOTS);
  const before = lstatSync(path).ino;

  owned.write(path, 'new\n', { ...ROOTS, mode: 0o2750 });

  assert.is(owned.read(path), 'new\n');
  assert.equal(owned.look(path), { ...ROOTS, mode: 0o2750 });
  assert.is.not(lstatSync(path).ino, before);
});

test('is a folder of an account, setgid, in folders of root’s, which goes only when it is empty', () => {
  // There is one user in a user namespace.
  if (isUserNamespace()) return;
  const parent = join(newFolder(), 'parent');
  const folder = join(parent, 'folder');
  const ownership = { ...NOBODY, mode: 0o2770 };

  owned.makeFolder(folder, ownership);
  owned.makeFolder(folder, ownership);
  writeFileSync(join(folder, 'file'), '');

  assert.equal([owned.look(parent), owned.look(folder)], [{ uid: 0, gid: 0, mode: 0o755 }, ownership]);
  assert.is(owned.removeEmptyFolder(folder), false);
  owned.remove(join(parent, 'none'));
  assert.ok(existsSync(join(folder, 'file')));
  assert.is(owned.removeEmptyFolder(join(parent, 'none')), true);
});

test('has no second name: that may stand where the file is not to be read', () => {
  const folder = newFolder();
  const path = join(folder, 'file');
  writeFileSync(path, 'secret\n');
  linkSync(path, join(folder, 'other'));

  const refusal = `${path} has 2 names (hard links)`;
  for (const act of [
    () => owned.read(path),
    () => {
      owned.write(path, '', ROOTS);
    },
  ])
    assert.throws(act, (error: Error) => error.message === refusal);
  assert.is(owned.read(join(folder, 'none')), undefined);
});

test('is written to no folder that another account may change', () => {
  if (isUserNamespace()) return;
  const folder = newFolder();
  writeFileSync(join(folder, 'file'), 'theirs\n');
  chownSync(folder, NOBODY.uid, NOBODY.gid);

  assert.is(owned.read(join(folder, 'file')), 'theirs\n');
  assert.throws(() => {
    owned.write(join(folder, 'file'), '', ROOTS);
  }, /is writable by users other than root/);
});

test('cannot be made where nothing can be written, and the path that was given says where', () => {
  const folder = newFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro,mode=755', 'none', folder]);

  const attempts = [
    () => {
      owned.makeFolder(join(folder, 'a/b'), { ...ROOTS, mode: 0o755 });
    },
    () => {
      owned.write(join(folder, 'file'), 'text', ROOTS);
    },
  ];
  const messages = attempts.map((attempt) => {
    try {
      attempt();
      return 'it was made';
    } catch (error) {
      return messageOf(error);
    }
  });
  execFileSync('umount', [folder]);

  assert.equal(messages, [
    `EROFS: read-only file system, mkdir '${folder}/a'`,
    `EROFS: read-only file system, open '${folder}/.file.tmp'`,
  ]);
});

test.run();
