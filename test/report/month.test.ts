import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Config } from '../../src/config/config.ts';
import { UTC } from '../../src/domain/words.ts';
import { Month } from '../../src/report/month.ts';
import { Day, dayFile, encodeDay } from '../../src/rollup/day.ts';
import { DAY_MS, HOUR_MS } from '../../src/rollup/hour.ts';
import { rollupFolder } from '../../src/rollup/read-rollup.ts';
import { files } from '../../src/system/files/files.ts';

const test = suite('the month of pages');

const TODAY = Date.UTC(2026, 10, 22);

test('reads today for each page, and the days before it when one of them or the hour changed', async () => {
  const state = mkdtempSync(join(tmpdir(), 'banspool-month-'));
  try {
    let now = TODAY + 3 * HOUR_MS;
    let reads = 0;
    const readAtMost: typeof files.readAtMost = (...args) => {
      reads += 1;
      return files.readAtMost(...args);
    };
    const world = { config: { state } as Config, files: { ...files, readAtMost }, now: () => now };
    const folder = await rollupFolder(world);
    mkdirSync(folder, { recursive: true });
    const write = (ago: number, bans: number): void => {
      const day = new Day(TODAY - ago * DAY_MS);
      day.banned(day.start, { server: 'web1', jail: 'sshd' }, bans);
      writeFileSync(join(folder, dayFile(day.start)), encodeDay(day));
      utimesSync(join(folder, dayFile(day.start)), 1_000, 1_000 + bans);
    };
    const month = new Month();
    const look = async (): Promise<readonly [bans: number, reads: number]> => {
      reads = 0;
      const { days } = await month.read(world, { zone: UTC, turn: () => Promise.resolve() });
      return [days.reduce((sum, { bans }) => sum + bans, 0), reads];
    };
    write(0, 1);
    write(1, 10);
    write(30, 100);

    assert.equal(await look(), [11, 31]);
    write(0, 2);
    assert.equal(await look(), [12, 1]);
    write(1, 20);
    assert.equal(await look(), [22, 31]);
    now += HOUR_MS;
    assert.equal(await look(), [22, 31]);
    now += DAY_MS;
    assert.equal(await look(), [22, 31]);
  } finally {
    rmSync(state, { recursive: true });
  }
});

test.run();
