/** Hours of several days, whatever lies in the folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../../src/config/config.ts';
import { Day, dayFile, encodeDay } from '../../src/rollup/day.ts';
import { DAY_MS } from '../../src/rollup/hour.ts';
import { readRollup, rollupFolder } from '../../src/rollup/read-rollup.ts';
import { files } from '../../src/system/files/files.ts';

const reading = suite('rollup/read-rollup');

const TODAY = Date.UTC(2026, 10, 22);

reading('gives the hours of so many days, oldest first, and passes over what is none of them', async () => {
  const state = mkdtempSync(join(tmpdir(), 'banspool-rollup-'));
  try {
    const world = { config: { state } as Config, files, now: () => TODAY + 5_000_000 };
    assert.equal(await readRollup(world, 30), []);
    const folder = await rollupFolder(world);
    assert.is(folder, join(state, '.git/banspool/rollup'));
    mkdirSync(folder, { recursive: true });
    for (const ago of [0, 1, 2, 3, 4]) {
      const day = new Day(TODAY - ago * DAY_MS);
      day.ended(day.start, ago + 1);
      writeFileSync(join(folder, dayFile(day.start)), encodeDay(day));
    }
    writeFileSync(join(folder, dayFile(TODAY - DAY_MS)), 'x'.repeat(2 * 1024 * 1024));
    rmSync(join(folder, dayFile(TODAY - 2 * DAY_MS)));
    symlinkSync('/dev/zero', join(folder, dayFile(TODAY - 2 * DAY_MS)));

    const hours = await readRollup(world, 4);

    assert.equal(
      hours.map(({ ended }) => ended),
      [4, 1],
    );
  } finally {
    rmSync(state, { recursive: true });
  }
});

reading.run();
