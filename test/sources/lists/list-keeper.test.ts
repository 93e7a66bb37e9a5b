import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { encodeNote, sourceOf } from '../../../src/lists/fetched-note.ts';
import type { ListPolicy } from '../../../src/policy/list-schema.ts';
import { files, type Files } from '../../../src/system/files/files.ts';
import { ListKeeper, type ListWorld } from '../../../src/sources/lists/list-keeper.ts';

const keeping = suite('the keeper of a list');

const NOW = Date.parse('2026-11-29T12:00:00Z');
const URL_TEXT = 'https://example.net/drop';

const POLICY: ListPolicy = {
  ...{ name: 'drop', from: { kind: 'file', file: 'drop.txt' }, format: undefined },
  ...{ stale: Infinity, max: 100, note: undefined },
};
const FETCHED: ListPolicy = { ...POLICY, from: { kind: 'url', url: URL_TEXT, every: 1, ca: undefined } };

interface Lab {
  readonly path: string;
  readonly fetched: string;
  readonly world: ListWorld;
  readonly reads: readonly string[];
}

async function inLab(act: (lab: Lab) => Promise<void>): Promise<void> {
  const lists = mkdtempSync(join(tmpdir(), 'banspool-'));
  mkdirSync(join(lists, 'fetched'));
  const reads: string[] = [];
  const watched: Files = {
    ...files,
    readPieces: (path) => {
      reads.push(path);
      return files.readPieces(path);
    },
  };
  const world = { config: { lists }, files: watched, now: () => NOW };
  try {
    await act({ path: join(lists, 'drop.txt'), fetched: join(lists, 'fetched/drop'), world, reads });
  } finally {
    rmSync(lists, { recursive: true });
  }
}

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `9.9.9.${index * 2}\n`).join('');

const sizeOf = (keeper: ListKeeper): number => keeper.inForce().table.size();

async function opened(world: ListWorld, policy = POLICY): Promise<ListKeeper> {
  const keeper = await ListKeeper.open(world, policy);
  if (keeper.hasChanged) await keeper.read();
  return keeper;
}

keeping('reads a file that a process before it kept only where it changed since', async () => {
  await inLab(async ({ path, world, reads }) => {
    writeFileSync(path, lines(3));
    await (await opened(world)).keep();

    const second = await opened(world);
    const readBefore = reads.length;
    writeFileSync(path, lines(4));
    const third = await opened(world);

    assert.equal([sizeOf(second), readBefore, sizeOf(third), reads.length], [3, 1, 4, 2]);
  });
});

keeping('reads it anew where the policy wants it read otherwise', async () => {
  await inLab(async ({ path, world }) => {
    writeFileSync(path, lines(3));
    const keeper = await opened(world);

    keeper.obey({ ...POLICY, max: 2 });
    const hasChanged = keeper.hasChanged;
    await keeper.read();

    assert.equal([hasChanged, sizeOf(keeper), keeper.inForce().trouble?.reason], [true, 3, 'TooLong']);
  });
});

keeping(
  'takes what is less than half as long once it is written a second time, across processes',
  async () => {
    await inLab(async ({ path, world }) => {
      writeFileSync(path, lines(9));
      await (await opened(world)).keep();
      writeFileSync(path, lines(4));
      utimesSync(path, 1, 1);

      const first = await opened(world);
      await first.keep();
      const again = await opened(world);
      await again.read();
      const found = [first, again].map((keeper) => [sizeOf(keeper), keeper.inForce().trouble?.reason]);
      utimesSync(path, 2, 2);
      const touched = await opened(world);

      assert.equal(found, [
        [9, 'Shrunk'],
        [9, 'Shrunk'],
      ]);
      assert.equal([sizeOf(touched), touched.inForce().trouble], [4, undefined]);
    });
  },
);

keeping('takes half as long as before at once, and anything of another file', async () => {
  await inLab(async ({ path, world }) => {
    writeFileSync(path, lines(8));
    const keeper = await opened(world);
    writeFileSync(path, lines(4));
    await keeper.read();
    const half = sizeOf(keeper);
    writeFileSync(join(path, '../other.txt'), lines(1));
    keeper.obey({ ...POLICY, from: { kind: 'file', file: 'other.txt' } });
    await keeper.read();

    assert.equal([half, sizeOf(keeper), keeper.inForce().trouble], [4, 1, undefined]);
  });
});

keeping('is the same table where the same content was written anew', async () => {
  await inLab(async ({ path, world }) => {
    writeFileSync(path, lines(3));
    const keeper = await opened(world);
    const { table } = keeper.inForce();
    writeFileSync(path, lines(3));
    utimesSync(path, 5, 5);
    await keeper.read();

    assert.ok(keeper.inForce().table === table);
    assert.is(keeper.inForce().confirmed, 5000);
  });
});

keeping('takes nothing of another URL for a list, and goes by when its server confirmed it', async () => {
  await inLab(async ({ fetched, world }) => {
    const note = (url: string): string =>
      encodeNote({
        ...{ version: 1, url, source: sourceOf(url), etag: null, lastModified: null, fetchedAt: null },
        ...{ confirmedAt: NOW - 5000, bytes: 1, sha256: null, triedAt: null, failures: 0 },
        ...{ error: null, nextTry: null },
      });
    const policy = { ...FETCHED, stale: 4999 };
    writeFileSync(fetched, lines(3));
    writeFileSync(`${fetched}.json`, note('https://example.net/other'));
    const keeper = await opened(world, policy);
    const before = keeper.inForce();
    writeFileSync(`${fetched}.json`, note(URL_TEXT));
    const hasChanged = keeper.hasChanged;
    await keeper.read();
    const after = keeper.inForce();

    assert.equal([before.table.size(), before.trouble?.reason, hasChanged], [0, 'NothingYet', true]);
    assert.equal([after.table.size(), after.trouble?.reason, after.confirmed], [3, 'Stale', NOW - 5000]);
  });
});

keeping('leaves a file that is being written for the next look', async () => {
  await inLab(async ({ path, world }) => {
    writeFileSync(path, lines(3));
    const growing: Files = {
      ...files,
      readPieces: async function* (read) {
        yield* files.readPieces(read);
        writeFileSync(path, lines(5));
      },
    };
    const keeper = await opened({ ...world, files: growing });

    assert.equal([sizeOf(keeper), keeper.hasChanged], [0, true]);
  });
});

keeping.run();
