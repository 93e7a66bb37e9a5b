import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { requireNone, writeNew } from '../../../src/system/files/new-file.ts';
import { failureOf } from '../../support/failure-of.ts';

const test = suite('a new file');

const BYTES = Buffer.from('new');

function folder(): string {
  return mkdtempSync(join(tmpdir(), 'new-file-'));
}

test('is for its owner alone', async () => {
  const path = join(folder(), 'a');

  await writeNew(path, BYTES, { replace: false });

  assert.is(readFileSync(path, 'utf8'), 'new');
  assert.is(statSync(path).mode & 0o777, 0o600);
});

test('takes the place of nothing, be it a file or a link that leads nowhere, unless told to', async () => {
  const [inFolder, other] = [folder(), join(folder(), 'other')];
  const [file, link] = [join(inFolder, 'file'), join(inFolder, 'link')];
  writeFileSync(file, 'old', { mode: 0o644 });
  symlinkSync(other, link);

  for (const path of [file, link]) {
    assert.throws(() => {
      requireNone(path);
    }, /exists/);
    assert.match(await failureOf(writeNew(path, BYTES, { replace: false })), `${path} exists`);
  }
  assert.is(readFileSync(file, 'utf8'), 'old');
  for (const path of [file, link]) await writeNew(path, BYTES, { replace: true });

  assert.is(readFileSync(file, 'utf8'), 'new');
  assert.is(statSync(file).mode & 0o777, 0o600);
  assert.not.ok(existsSync(other));
  rmSync(inFolder, { recursive: true });
});

test('that cannot be written is told with its path', async () => {
  const failure = await failureOf(writeNew('/nowhere/a', BYTES, { replace: false }));

  assert.match(failure, 'cannot write /nowhere/a: ENOENT');
  requireNone('/nowhere/a');
});

test.run();
