import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { tarOf } from '../../../src/cli/support/tar.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('an archive');

test('is read by tar, file by file, byte by byte, whatever their lengths', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  const files = [0, 1, 511, 512, 513, 70_000].map((length) => ({
    name: `top/of-${length}.txt`,
    text: 'é'.repeat(length / 2) + 'x'.repeat(length % 2),
  }));
  writeFileSync(join(folder, 'a.tar'), tarOf(files, Date.UTC(2026, 10, 29)));

  const listed = await outputOf(['tar', '-tvf', join(folder, 'a.tar'), '--utc', '--numeric-owner']);
  await outputOf(['tar', '-xf', join(folder, 'a.tar'), '-C', folder]);

  assert.match(listed, /^-rw------- 0\/0 +70000 2026-11-29 00:00 top\/of-70000\.txt$/m);
  for (const { name, text } of files) {
    assert.is(readFileSync(join(folder, name), 'utf8'), text);
    assert.is(statSync(join(folder, name)).mode & 0o777, 0o600);
  }
  rmSync(folder, { recursive: true });
});

test('has no name that is too long for it', () => {
  assert.throws(() => tarOf([{ name: 'x'.repeat(101), text: '' }], 0), /too long/);
});

test.run();
