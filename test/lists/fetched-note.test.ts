import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  contentPath,
  decodeNote,
  encodeNote,
  fetchedFolder,
  notePath,
  readNote,
  sourceOf,
  type FetchedNote,
} from '../../src/lists/fetched-note.ts';
import { files } from '../../src/system/files/files.ts';

const test = suite('what the fetcher notes of a list');

const NOON = Date.UTC(2027, 0, 1, 12);

const NOTE: FetchedNote = {
  version: 1,
  url: 'https://lists.example.org/drop.txt?…',
  source: sourceOf('https://lists.example.org/drop.txt?token=secret'),
  ...{ etag: '"1"', lastModified: null, fetchedAt: NOON, confirmedAt: NOON + 1, bytes: 12, sha256: 'ab' },
  ...{ triedAt: NOON + 2, failures: 1, error: { code: 'html', text: 'got a page of HTML, not a list' } },
  nextTry: null,
};

test('is read as it was written, with times that people can read', () => {
  const text = encodeNote(NOTE);

  assert.equal(decodeNote(text), NOTE);
  assert.match(text, '"fetchedAt": "2027-01-01T12:00:00.000Z"');
  assert.not.match(text, 'secret');
});

test('is found beside the content of its list, and is not read through a link or beyond its limit', async () => {
  const fetched = mkdtempSync(join(tmpdir(), 'banspool-fetched-'));
  writeFileSync(notePath(fetched, 'drop'), encodeNote(NOTE));
  symlinkSync('drop.json', notePath(fetched, 'link'));
  writeFileSync(notePath(fetched, 'long'), encodeNote(NOTE) + ' '.repeat(100_000));

  assert.is(notePath(fetched, 'drop'), `${contentPath(fetched, 'drop')}.json`);
  assert.equal(await readNote(files, fetched, 'drop'), NOTE);
  for (const name of ['link', 'long', 'none'])
    assert.is(await readNote(files, fetched, name), undefined, name);
  rmSync(fetched, { recursive: true });
});

test('is in a folder of the fetcher, or below that of the lists if that is not at its default', () => {
  assert.is(fetchedFolder({ lists: '/var/lib/banspool/lists' }), '/var/lib/banspool-fetch');
  assert.is(fetchedFolder({ lists: '/srv/lists' }), '/srv/lists/fetched');
});

test('is none where the text is not of this form', () => {
  for (const text of ['', '[]', '{"version":2}', encodeNote(NOTE).slice(0, 100)])
    assert.is(decodeNote(text), undefined);
});

test('reaches a terminal in short lines without what it obeys', () => {
  const text = encodeNote({ ...NOTE, error: { code: 'x', text: `\u001b[2J\n${'x'.repeat(10_000)}` } });

  const words = decodeNote(text)?.error?.text ?? '';
  assert.match(words, /^ \[2J x+$/u);
  assert.ok(words.length <= 400);
});

test('tells by its source whether it is about the same URL', () => {
  assert.is(sourceOf('https://a/'), sourceOf('https://a/'));
  assert.is.not(sourceOf('https://a/?token=1'), sourceOf('https://a/?token=2'));
});

test.run();
