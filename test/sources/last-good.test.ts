import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LastGood } from '../../src/sources/last-good.ts';
import { files } from '../../src/system/files/files.ts';

const lastGood = suite('the last good content of a source');

async function inFolder(act: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'banspool-'));
  try {
    await act(join(folder, 'kept/list'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

lastGood('is what was kept last, byte for byte, until it is forgotten', async () => {
  await inFolder(async (path) => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    await new LastGood(files, path).keep(Uint8Array.of(1));
    await new LastGood(files, path).keep(all);

    const kept = await new LastGood(files, path).read();
    await new LastGood(files, path).forget();

    assert.equal(Uint8Array.from(kept ?? []), all);
    assert.is(await new LastGood(files, path).read(), undefined);
  });
});

lastGood('may be empty, which is not the same as nothing', async () => {
  await inFolder(async (path) => {
    const before = await new LastGood(files, path).read();
    await new LastGood(files, path).keep(new Uint8Array());

    assert.equal([before, (await new LastGood(files, path).read())?.length], [undefined, 0]);
  });
});

lastGood('is none where a byte of it is missing, added or another, or it is no file', async () => {
  await inFolder(async (path) => {
    await new LastGood(files, path).keep(Buffer.from('203.0.113.7\n'));
    const good = readFileSync(path, 'utf8');
    const read: unknown[] = [];

    for (const bad of [
      good.slice(0, -1),
      `${good}2`,
      good.replace('203', '204'),
      good.replace('good 1', 'good 2'),
    ]) {
      writeFileSync(path, bad);
      read.push(await new LastGood(files, path).read());
    }
    rmSync(path);
    mkdirSync(path);
    read.push(await new LastGood(files, path).read());

    assert.equal(read, [undefined, undefined, undefined, undefined, undefined]);
  });
});

lastGood.run();
