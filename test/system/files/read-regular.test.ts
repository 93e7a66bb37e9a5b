import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { files } from '../../../src/system/files/files.ts';
import { readPlain, readRegular, readRegularSync } from '../../../src/system/files/read-regular.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('a plain file');

const WAYS = {
  'at once': (path: string) => Promise.resolve().then(() => readRegularSync(path)),
  beside: readRegular,
};

for (const [how, read] of Object.entries(WAYS)) {
  test(`is read ${how}, by a link too, and nothing hangs in the place of one`, async () => {
    const folder = mkdtempSync('/run/regular-');
    writeFileSync(join(folder, 'file'), 'text');
    symlinkSync('file', join(folder, 'link'));
    await outputOf(['mkfifo', join(folder, 'fifo')]);

    for (const name of ['file', 'link']) assert.is(String(await read(join(folder, name))), 'text');
    for (const path of [join(folder, 'fifo'), '/dev/zero', folder])
      assert.match(
        String(await read(path).catch((error: unknown) => error)),
        `BanspoolError: ${path} is not a plain file`,
      );
  });
}

test('that somebody else may have put there is read by no link, up to its size, and is none if it is gone', async () => {
  const folder = mkdtempSync('/run/regular-');
  writeFileSync(join(folder, 'file'), 'text');
  symlinkSync('file', join(folder, 'link'));
  symlinkSync('nothing', join(folder, 'dangling'));
  await outputOf(['mkfifo', join(folder, 'fifo')]);
  const read = async (name: string, most: number): Promise<string | undefined> =>
    files.readAtMost(join(folder, name), most);

  assert.equal([await read('file', 4), await read('file', 3)], ['text', undefined]);
  for (const name of ['link', 'dangling', 'fifo', '.', 'gone', 'file/x'])
    assert.is(await read(name, 1000).catch(() => undefined), undefined, name);
  assert.is(await readPlain('/dev/zero', 1000), undefined);
  assert.is(String(await readPlain(join(folder, 'file'), 4)), 'text');
});

test('that grows while it is read is none, and no more of it is read than it may have', async () => {
  // Of no size, and as long as one reads.
  const path = '/proc/self/maps';

  assert.is(await readPlain(path, 100), undefined);
  assert.ok(String(await readPlain(path, 1_000_000)).endsWith('\n'));
});

test.run();
