import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExportFolder } from '../../../src/system/files/export-folder.ts';
import { failureOf } from '../../support/failure-of.ts';

interface Context {
  base: string;
  path: string;
}

const test = suite<Context>('the folder of exports');

test.before.each((context) => {
  context.base = mkdtempSync(join(tmpdir(), 'exports-'));
  context.path = join(context.base, 'exports');
});

test.after.each(({ base }) => {
  rmSync(base, { recursive: true });
});

test('is made, and holds files that everybody may read, whatever the umask', async ({ path }) => {
  const mask = process.umask(0o077);
  try {
    const written = await new ExportFolder(path).write('bans.txt', Buffer.from('192.0.2.7\n'));

    const file = join(path, 'bans.txt');
    assert.is(readFileSync(file, 'utf8'), '192.0.2.7\n');
    assert.equal([statSync(path).mode & 0o777, statSync(file).mode & 0o777], [0o755, 0o644]);
    assert.equal(written, { bytes: 10, changedAt: statSync(file).mtimeMs });
    assert.equal(readdirSync(path).sort(), ['.written-by-banspool', 'bans.txt']);
  } finally {
    process.umask(mask);
  }
});

test('keeps a file with the same bytes as it is, with its time', async ({ path }) => {
  await new ExportFolder(path).write('bans.txt', Buffer.from('192.0.2.7\n'));
  const file = join(path, 'bans.txt');
  utimesSync(file, 1, 1);
  const { ino } = statSync(file);

  const written = await new ExportFolder(path).write('bans.txt', Buffer.from('192.0.2.7\n'));
  const same = statSync(file);
  await new ExportFolder(path).write('bans.txt', Buffer.from('192.0.2.8\n'));

  assert.equal([same.ino, same.mtimeMs, written.changedAt], [ino, 1_000, 1_000]);
  assert.is(readFileSync(file, 'utf8'), '192.0.2.8\n');
});

test('leaves a file alone that was there before, and says so', async ({ path }) => {
  mkdirSync(path);
  writeFileSync(join(path, 'bans.txt'), 'of a person');
  const folder = new ExportFolder(path);

  const failure = await failureOf(folder.write('bans.txt', Buffer.from('')));
  await folder.keepOnly([]);

  assert.match(failure, 'exports/bans.txt is there, and banspool did not write it');
  assert.is(readFileSync(join(path, 'bans.txt'), 'utf8'), 'of a person');
});

test('follows no link that took the place of a file of its own', async ({ path, base }) => {
  await new ExportFolder(path).write('bans.txt', Buffer.from('192.0.2.7\n'));
  const [file, target] = [join(path, 'bans.txt'), join(base, 'target')];
  writeFileSync(target, '192.0.2.8\n');
  rmSync(file);
  symlinkSync(target, file);

  await new ExportFolder(path).write('bans.txt', Buffer.from('192.0.2.8\n'));

  assert.ok(lstatSync(file).isFile());
  assert.is(readFileSync(target, 'utf8'), '192.0.2.8\n');
});

test('loses those of its own that are not to be kept, in a later life too, and no other', async ({
  path,
}) => {
  const folder = new ExportFolder(path);
  for (const file of ['one', 'two', 'three']) await folder.write(file, Buffer.from(file));
  writeFileSync(join(path, 'of-a-person'), '');
  writeFileSync(join(path, '.one.tmp'), 'half of it');
  rmSync(join(path, 'two'));
  mkdirSync(join(path, 'two'));

  await new ExportFolder(path).keepOnly(['three']);

  assert.equal(readdirSync(path).sort(), ['.written-by-banspool', 'of-a-person', 'three', 'two']);
});

test('is not left by a name in the note that somebody wrote there', async ({ path, base }) => {
  mkdirSync(path);
  writeFileSync(join(base, 'precious'), '');
  writeFileSync(join(path, '.written-by-banspool'), '../precious\n.hidden\n');
  writeFileSync(join(path, '.hidden'), '');

  await new ExportFolder(path).keepOnly([]);

  assert.ok(existsSync(join(base, 'precious')));
  assert.ok(existsSync(join(path, '.hidden')));
});

test('that is not there is not made to remove something', async ({ path }) => {
  await new ExportFolder(path).keepOnly([]);

  assert.not.ok(existsSync(path));
  assert.is(await new ExportFolder(path).look('bans.txt'), undefined);
});

test.run();
