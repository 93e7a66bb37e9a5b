import {
  existsSync,
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
import { clearDrafts, openDraft } from '../../../src/system/web/draft.ts';
import { sha256 } from '../../../src/system/sha256.ts';

const test = suite('a draft of a file');

function openFolder(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-draft-'));
  return {
    folder,
    [Symbol.dispose]: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

test('takes the place of the file when it is kept, and not before', async () => {
  using place = openFolder();
  const path = join(place.folder, 'list');
  writeFileSync(path, 'old');

  const draft = await openDraft(path);
  await draft.add(Buffer.from('new'));
  assert.is(readFileSync(path, 'utf8'), 'old');
  await draft.add(Buffer.from(' text'));
  await draft.keep();

  assert.is(readFileSync(path, 'utf8'), 'new text');
  assert.equal(draft.sum(), { bytes: 8, sha256: sha256('new text') });
  assert.is(statSync(path).mode & 0o777, 0o644);
  assert.equal(readdirSync(place.folder), ['list']);
});

test('leaves nothing when it is dropped', async () => {
  using place = openFolder();
  const path = join(place.folder, 'list');

  const draft = await openDraft(path);
  await draft.add(Buffer.from('new'));
  await draft.drop();

  assert.equal(readdirSync(place.folder), []);
});

test('of two writers at once leaves the whole content of one', async () => {
  using place = openFolder();
  const path = join(place.folder, 'list');

  const [first, second] = [await openDraft(path), await openDraft(path)];
  await first.add(Buffer.from('one'));
  await second.add(Buffer.from('two'));
  await first.keep();
  assert.is(readFileSync(path, 'utf8'), 'one');
  await second.keep();

  assert.is(readFileSync(path, 'utf8'), 'two');
});

test('that a crash left is cleared when it is old, and nothing else is', () => {
  using place = openFolder();
  const [old, young] = ['.list.12-1.tmp', '.list.13-1.tmp'].map((name) => join(place.folder, name));
  for (const path of [old, young]) writeFileSync(path ?? '', 'part');
  const others = ['list', 'list.json', '.other'].map((name) => join(place.folder, name));
  for (const path of others) writeFileSync(path, '');
  symlinkSync('/nowhere', join(place.folder, '.link.1-1.tmp'));
  for (const path of [old, ...others]) utimesSync(path ?? '', 1, 1);

  clearDrafts(place.folder, 60_000);

  assert.not(existsSync(old ?? ''));
  for (const path of [young, ...others]) assert.ok(existsSync(path ?? ''), path);
});

test.run();
