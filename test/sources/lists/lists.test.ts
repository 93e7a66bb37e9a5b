import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ListPolicy } from '../../../src/policy/list-schema.ts';
import { files, type Files } from '../../../src/system/files/files.ts';
import type { ListWorld } from '../../../src/sources/lists/list-keeper.ts';
import { Lists } from '../../../src/sources/lists/lists.ts';
import { eventually } from '../../support/eventually.ts';

const all = suite('the lists of the policy');

const policy = (name: string): ListPolicy => ({
  ...{ name, from: { kind: 'file', file: `${name}.txt` }, format: undefined },
  ...{ stale: Infinity, max: 100, note: undefined },
});

async function inFolder(act: (folder: string, world: ListWorld) => Promise<void>): Promise<void> {
  const lists = mkdtempSync(join(tmpdir(), 'banspool-'));
  try {
    await act(lists, { config: { lists }, files, now: Date.now });
  } finally {
    rmSync(lists, { recursive: true });
  }
}

all('tell what became of them, once, and keep nothing of those that are gone', async () => {
  await inFolder(async (folder, world) => {
    writeFileSync(join(folder, 'a.txt'), '9.9.9.9\n9.9.9.7\n');
    writeFileSync(join(folder, 'b.txt'), '8.8.8.8\n');
    const lists = new Lists(world);
    await lists.give([policy('a'), policy('b')]);
    const first = await lists.keep();
    await lists.give([policy('a'), policy('b')]);
    const same = await lists.keep();
    writeFileSync(join(folder, 'a.txt'), '9.9.9.9\n9.9.9.7\n9.9.9.5\n');
    const young = new Lists(world);
    await young.give([policy('a')]);
    const changed = await young.keep();

    assert.match(
      first.join('; '),
      /^list a: 0 -> 2 entries, sha256 [0-9a-f]{12}; list b: 0 -> 1 entries, sha256 /,
    );
    assert.equal(same, []);
    assert.match(changed.join('; '), /^list a: 2 -> 3 entries, sha256 [0-9a-f]{12}; list b: 1 -> 0 entries$/);
    assert.equal(readdirSync(join(folder, 'kept')), ['a']);
  });
});

all('are new where one holds something else or is gone, and not at first', async () => {
  await inFolder(async (folder, world) => {
    writeFileSync(join(folder, 'a.txt'), '9.9.9.9\n');
    const lists = new Lists(world);
    const first = await lists.give([policy('a')]);
    const same = await lists.give([policy('a')]);
    writeFileSync(join(folder, 'a.txt'), '9.9.9.9\n9.9.9.7\n');
    const other = await lists.give([policy('a')]);
    const none = await lists.give([]);

    assert.equal(
      [first, same, other, none].map(({ isNew }) => isNew),
      [false, false, true, true],
    );
  });
});

all('are read beside the passes of a controller, which go on with what they had', async () => {
  await inFolder(async (folder, world) => {
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const waiting: Files = {
      ...files,
      readPieces: async function* (path) {
        await gate;
        yield* files.readPieces(path);
      },
    };
    writeFileSync(join(folder, 'a.txt'), '9.9.9.9\n');
    const lists = new Lists({ ...world, files: waiting });
    let rung = 0;
    lists.readBeside(() => (rung += 1));

    const before = await lists.give([policy('a')]);
    open();
    await eventually(() => {
      assert.is(rung, 1);
    });
    const hasNews = lists.hasNews();
    const after = await lists.give([policy('a')]);

    const sizes = [before, after].map((given) => given.lists.map(({ table }) => table.size()));
    assert.equal([sizes, hasNews, after.isNew, lists.hasNews()], [[[0], [1]], true, true, false]);
  });
});

all('tell of a content that cannot be kept, until it can be', async () => {
  await inFolder(async (folder, world) => {
    writeFileSync(join(folder, 'a.txt'), '9.9.9.9\n');
    let isFull = true;
    const full: Files = {
      ...files,
      writeBytes: (path, bytes) =>
        isFull ? Promise.reject(new Error('no space left')) : files.writeBytes(path, bytes),
    };
    const lists = new Lists({ ...world, files: full });
    await lists.give([policy('a')]);
    const lines = await lists.keep();
    const found = lists.problems().map(({ condition, reason }) => `${condition} ${reason}`);
    isFull = false;
    const later = await lists.keep();

    assert.equal([lines, found], [[], ['ListsFresh NotKept']]);
    assert.equal([later.length, lists.problems()], [1, []]);
  });
});

all.run();
