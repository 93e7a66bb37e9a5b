import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { writePage } from '../../../src/system/files/write-page.ts';

const test = suite('a page');

test('is there whole, for its owner and his group alone, and leaves nothing beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const path = join(folder, 'report', 'index.html');

  await writePage(path, ['old']);
  const first = statSync(path).ino;
  await writePage(path, ['one', 'two']);

  assert.is(readFileSync(path, 'utf8'), 'onetwo');
  assert.is.not(statSync(path).ino, first);
  assert.is(statSync(path).mode & 0o007, 0);
  assert.equal(readdirSync(join(folder, 'report')), ['index.html']);
  rmSync(folder, { recursive: true });
});

test('that cannot be written leaves the old one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const path = join(folder, 'report');
  await writePage(path, ['old']);

  const failed = await writePage(join(path, 'index.html'), ['new']).then(
    () => false,
    () => true,
  );

  assert.ok(failed);
  assert.is(readFileSync(path, 'utf8'), 'old');
  rmSync(folder, { recursive: true });
});

test.run();
