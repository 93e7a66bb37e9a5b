import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFolderWatches } from '../../src/system/folder-watches.ts';
import { eventually } from '../support/eventually.ts';
import { assertRingsAnew } from './rings-anew.ts';

const test = suite('watches on folders');

const ignore = (): void => undefined;

test('ring on when a server’s folder is removed and made again', async () => {
  await assertRingsAnew((folder, ring) => {
    const watches = openFolderWatches(ring, ignore);
    return {
      look: () => {
        watches.set([folder]);
      },
      [Symbol.asyncDispose]: () => {
        watches.close();
        return Promise.resolve();
      },
    };
  });
});

test('are on the folders that were named last, and on no others', async () => {
  const [first, second] = [mkdtempSync('/run/watch-'), mkdtempSync('/run/watch-')];
  let rings = 0;
  const watches = openFolderWatches(() => (rings += 1), ignore);

  const isNew = [watches.set([first]), watches.set([first, second]), watches.set([second])];
  for (let number = 0; number < 10; number += 1) mkdirSync(join(first, String(number)));
  mkdirSync(join(second, 'folder'));
  await eventually(() => {
    assert.ok(rings > 0, 'it does not ring');
  });
  watches.close();

  assert.equal(isNew, [true, true, false]);
  // Of the one folder that is made in the second: news come in the order of what happened.
  assert.is(rings, 1);
});

test('say once that a folder cannot be watched, and watch the others', async () => {
  const folder = mkdtempSync('/run/watch-');
  const said: string[] = [];
  let rings = 0;
  const watches = openFolderWatches(
    () => (rings += 1),
    (message) => said.push(message),
  );

  watches.set(['/run/none', '/run/neither', folder]);
  writeFileSync(join(folder, 'file'), '');

  await eventually(() => {
    assert.ok(rings > 0, 'it does not ring');
  });
  watches.close();
  assert.is(said.length, 1);
  assert.match(said[0] ?? '', /^watching folders: ENOENT/);
});

test.run();
