/** The file that says that the disk is full, on a disk that is full. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readStatusFile, writeStatusFile } from '../../../src/system/files/status-file.ts';
import { outputOf } from '../../support/run-program.ts';

const test = suite('the status file');

const KIB = 1024;

/** A disk of a megabyte, until it is disposed of. */
async function smallDisk(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = mkdtempSync('/run/status-');
  await outputOf(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await outputOf(['umount', folder]);
    },
  };
}

/** Leaves no page of it free. */
function fill(folder: string): void {
  for (let number = 0; ; number += 1) {
    try {
      writeFileSync(join(folder, `fill-${number}`), Buffer.alloc(4 * KIB));
    } catch {
      rmSync(join(folder, `fill-${number}`));
      return;
    }
  }
}

const textOf = (what: string): string => `${JSON.stringify({ what }, undefined, 2)}\n`;

test('is written over in place where a full disk has no room for a new one, whether that is longer or shorter', async () => {
  await using disk = await smallDisk();
  const path = join(disk.folder, 'status.json');
  writeStatusFile(path, textOf('all is well'));
  fill(disk.folder);
  const before = statSync(path);

  for (const what of ['there is no space left on the disk: '.repeat(1_000), 'still none']) {
    writeStatusFile(path, textOf(what));

    assert.is(readStatusFile(path)?.trimEnd(), textOf(what).trimEnd());
  }
  const after = statSync(path);
  assert.equal([after.ino, after.size, after.mode], [before.ino, before.size, before.mode]);
  assert.not(readdirSync(disk.folder).includes('status.json.tmp'));
});

test('is another one each time where there is room, so that no reader finds half of one', async () => {
  await using disk = await smallDisk();
  const path = join(disk.folder, 'status.json');
  writeStatusFile(path, textOf('one'));
  const before = statSync(path).ino;

  writeStatusFile(path, textOf('another'));

  assert.is.not(statSync(path).ino, before);
  assert.is(readStatusFile(path)?.trimEnd(), textOf('another').trimEnd());
  assert.equal(readdirSync(disk.folder), ['status.json']);
});

test('is whole in letters that take more than a byte', async () => {
  await using disk = await smallDisk();
  const path = join(disk.folder, 'status.json');
  const text = textOf('ü'.repeat(64 * KIB));

  writeStatusFile(path, text);

  assert.ok(readStatusFile(path)?.trimEnd() === text.trimEnd());
});

test('that was never written cannot be on a full disk, which its writer is told', async () => {
  await using disk = await smallDisk();
  fill(disk.folder);

  assert.throws(() => {
    writeStatusFile(join(disk.folder, 'status.json'), textOf('never'));
  }, /ENOSPC/);

  assert.not(readdirSync(disk.folder).some((name) => name.startsWith('status')));
});

test.run();
