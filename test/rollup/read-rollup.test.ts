/** Hours of several days, whatever lies in the folder. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rolledHours } from '../support/rolled-hours.ts';
import type { Config } from '../../src/config/config.ts';
import { Day, dayFile, encodeDay } from '../../src/rollup/day.ts';
import { DAY_MS } from '../../src/rollup/hour.ts';
import { rollupFolder, rollupStamp } from '../../src/rollup/read-rollup.ts';
import { files } from '../../src/system/files/files.ts';

const reading = suite('rollup/read-rollup');

const TODAY = Date.UTC(2026, 10, 22);

reading('gives the hours of so many days, oldest first, and passes over what is none of them', async () => {
  const state = mkdtempSync(join(tmpdir(), 'banspool-rollup-'));
  try {
    const world = { config: { state } as Config, files, now: () => TODAY + 5_000_000 };
    assert.equal(await rolledHours(world, 30), []);
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

    const hours = await rolledHours(world, 4);

    assert.equal(
      hours.map(({ ended }) => ended),
      [4, 1],
    );
  } finally {
    rmSync(state, { recursive: true });
  }
});

reading('has a stamp that stays while the files of the days that are meant stay', async () => {
  const state = mkdtempSync(join(tmpdir(), 'banspool-rollup-'));
  try {
    const world = { config: { state } as Config, files, now: () => TODAY + 5_000_000 };
    const folder = await rollupFolder(world);
    mkdirSync(folder, { recursive: true });
    const write = (ago: number, time: number): void => {
      const path = join(folder, dayFile(TODAY - ago * DAY_MS));
      writeFileSync(path, encodeDay(new Day(TODAY - ago * DAY_MS)));
      utimesSync(path, time, time);
    };
    write(0, 1_000);
    write(1, 1_000);
    const past = { days: 3, without: 1 };
    const first = await rollupStamp(world, past);

    write(0, 2_000);
    assert.is(await rollupStamp(world, past), first);
    write(2, 1_000);
    const second = await rollupStamp(world, past);
    assert.is.not(second, first);
    write(1, 2_000);
    assert.is.not(await rollupStamp(world, past), second);
    assert.is.not(await rollupStamp({ ...world, now: () => TODAY + DAY_MS }, past), second);
  } finally {
    rmSync(state, { recursive: true });
  }
});

reading.run();
