import { existsSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejectedFiles } from '../../../src/system/files/rejected-files.ts';

const test = suite('rejected files');

const newFolder = (): string => join(mkdtempSync('/run/rejected-'), 'web1');

/** Has a file of so many bytes, and its reason of five, refused at that second. */
function reject(folder: string, { name, bytes, at }: { name: string; bytes: number; at: number }): string {
  const path = rejectedFiles.placeFor(folder, name);
  writeFileSync(path, 'x'.repeat(bytes));
  rejectedFiles.writeReason(path, 'a bad');
  utimesSync(`${path}.reason`, at, at);
  return path;
}

test('are listed from the oldest on, with the room that they and their reasons take', () => {
  const folder = newFolder();
  const newer = reject(folder, { name: 'a.yaml', bytes: 10, at: 200 });
  const older = reject(folder, { name: 'b.yaml', bytes: 20, at: 100 });

  assert.equal(rejectedFiles.list(folder), [
    { path: older, bytes: 25, refusedAt: 100_000 },
    { path: newer, bytes: 15, refusedAt: 200_000 },
  ]);
  assert.equal(rejectedFiles.list(`${folder}/none`), []);
});

test('stand under names that are plain, hidden nowhere, and no other file’s', () => {
  const folder = newFolder();
  const place = (name: string): string => basename(rejectedFiles.placeFor(folder, name));
  const taken = reject(folder, { name: 'taken', bytes: 0, at: 1 });
  const ofReason = reject(folder, { name: 'of-reason', bytes: 0, at: 1 });
  rejectedFiles.discardContent(ofReason);

  assert.equal(['../x y', '.hidden', 'ü'].map(place), ['_..%2fx%20y', '_.hidden', '%fc']);
  assert.ok(place('x'.repeat(255)).length < 200);
  assert.match(place('taken'), /^taken\.[0-9a-f-]{36}$/);
  assert.match(place('of-reason'), /^of-reason\.[0-9a-f-]{36}$/);
  assert.is(rejectedFiles.readReason(taken), 'a bad');
});

test('of a folder take the room of all that is in it, links not followed, and of a full one no end of it', () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'refused'), { recursive: true });
  const empty = rejectedFiles.measure(folder);
  writeFileSync(join(folder, 'refused/file'), 'x'.repeat(100_000));
  symlinkSync('..', join(folder, 'refused/round'));
  const filled = rejectedFiles.measure(folder) - empty;
  for (let index = 0; index < 100; index += 1) writeFileSync(join(folder, `refused/${index}`), '');

  assert.ok(filled >= 100_000 && filled < 101_000, String(filled));
  assert.is(rejectedFiles.measure(folder), Infinity);
});

test('that come or go change the stamp of their folder', () => {
  const folder = newFolder();
  const none = rejectedFiles.stamp(folder);
  const path = reject(folder, { name: 'a.yaml', bytes: 1, at: 1 });
  const one = rejectedFiles.stamp(folder);
  const same = rejectedFiles.stamp(folder);
  utimesSync(folder, 1, 1);
  const changed = rejectedFiles.stamp(folder);
  rejectedFiles.discard(path);

  assert.is(none, undefined);
  assert.type(one, 'string');
  assert.is(same, one);
  assert.is.not(changed, one);
  assert.equal([existsSync(path), rejectedFiles.readReason(path)], [false, undefined]);
});

test.run();
