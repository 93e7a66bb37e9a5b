import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readRegular, readRegularSync } from '../../../src/system/files/read-regular.ts';
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

test.run();
