import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListPolicy } from '../../../src/policy/list-schema.ts';
import { keptFolder, listPath, shownSource, sourceName } from '../../../src/sources/lists/list-place.ts';

const place = suite('where a list is from');

const list = (from: ListPolicy['from']): ListPolicy => ({
  ...{ name: 'drop', from, format: undefined, stale: 1, max: 1, note: undefined },
});
const byFile = list({ kind: 'file', file: 'drop.txt' });
const byUrl = list({ kind: 'url', url: 'https://me:secret@example.net/x?key=1', every: 1, ca: undefined });

place('is a file of the folder of lists, or one that was fetched; the copy is in a folder beside', () => {
  const config = { lists: '/srv/lists' };

  assert.equal(
    [listPath(byFile, config), listPath(byUrl, config), keptFolder(config)],
    ['/srv/lists/drop.txt', '/srv/lists/fetched/drop', '/srv/lists/kept'],
  );
});

place('is shown without a secret, and told from all others', () => {
  const other = list({ kind: 'url', url: 'https://me:secret@example.net/x?key=2', every: 1, ca: undefined });
  const names = [byFile, byUrl, other].map(sourceName);

  assert.equal([shownSource(byFile), shownSource(byUrl)], ['drop.txt', 'https://example.net/x?…']);
  assert.is(new Set(names).size, 3);
  assert.not.match(names.join(' '), 'secret');
});

place.run();
