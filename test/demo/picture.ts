/**
 * `npm run picture`: makes the picture of the report page in docs/images, of the month that test/support/month.ts makes
 * up. It looks at the page in chromium, as a person would; cwebp (package webp) makes it small.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readConfig } from '../../src/config/config.ts';
import { conclude } from '../../src/desired/conclude.ts';
import { UTC } from '../../src/domain/words.ts';
import { loadInputs } from '../../src/pass/load-inputs.ts';
import { freshMemory } from '../../src/pass/memory.ts';
import { Counts, gatherPage } from '../../src/report/gather.ts';
import { Day, dayFile, encodeDay } from '../../src/rollup/day.ts';
import { dayOf, DAY_MS, HOUR_MS } from '../../src/rollup/hour.ts';
import { rollupFolder } from '../../src/rollup/read-rollup.ts';
import { assessStatus } from '../../src/status/assess-status.ts';
import { BOUNDS } from '../../src/status/histogram.ts';
import { realWorld } from '../../src/world/real-world.ts';
import type { World } from '../../src/world/world.ts';
import { isoTime } from '../../src/yaml/time.ts';
import { RECORD } from '../status/record.ts';
import { openBrowser } from '../support/browser.ts';
import { makeMonth, MONTH_BANS, MONTH_SERVERS, SILENT_SERVER, type Month } from '../support/month.ts';

const TARGET = join(import.meta.dirname, '../../../docs/images/report.webp');

/** Always the same picture. */
const END = Date.UTC(2026, 10, 28, 21, 40);

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined };

/** What a roll-up of the month would hold. */
async function writeRollup(world: World, month: Month): Promise<void> {
  const folder = await rollupFolder(world);
  mkdirSync(folder, { recursive: true });
  for (let start = dayOf(END) - 30 * DAY_MS; start <= END; start += DAY_MS) {
    const day = new Day(start);
    const isOf = (time: number): boolean => time >= start && time < start + DAY_MS && time <= END;
    for (const { jail, hits } of month.attacks)
      for (const hit of hits) if (isOf(hit.since)) day.banned(hit.since, { server: hit.server, jail });
    for (const { time, culprit } of month.drift.filter((each) => isOf(each.time))) day.drifted(time, culprit);
    for (const { time, server } of month.refused.filter((each) => isOf(each.time))) day.refused(time, server);
    for (let hour = start; hour < start + DAY_MS && hour <= END; hour += HOUR_MS) {
      day.dropped(hour, { packets: 31_000 + ((hour / HOUR_MS) % 7) * 4_000, bytes: 1_900_000 });
      day.enforced(
        hour,
        BOUNDS.map((_, index) => [0, 2, 3, 1, 0, 0, 0, 0, 0, 0, 0][index] ?? 0),
      );
    }
    writeFileSync(join(folder, dayFile(start)), encodeDay(day));
  }
}

/** The page, as a controller of that firewall would write it. */
async function makePage(folder: string): Promise<string> {
  const month = makeMonth(folder, { end: END });
  const spool = join(folder, 'spool');
  const read = readConfig(`spool: ${spool}\nstate: ${month.state}\nfleet: { name: fw1 }\n`);
  if (read.kind === 'mistakes') throw new Error(JSON.stringify(read.mistakes));
  const world = { ...realWorld(read.config, silent), now: () => END, ownAddresses: () => [] };
  await writeRollup(world, month);
  const inputs = await loadInputs(freshMemory(world), { kind: 'full', mayGuess: true });
  const servers = MONTH_SERVERS.map((name, index) => ({
    ...{ name, intents: 0, refused: 0, discarded: 0, kept: [3, 7, 0, 6, 7][index] ?? 0, lastRefused: null },
    lastHeard: isoTime(END - (name === SILENT_SERVER ? 9 * DAY_MS : (index + 1) * 41_000)),
  }));
  const lastPass = { kind: 'full', startedAt: isoTime(END - 12_000), durationMs: 40, intents: 0 } as const;
  const status = assessStatus({
    record: {
      ...{ ...RECORD, servers, bans: MONTH_BANS, updatedAt: isoTime(END) },
      lastPass: { ...lastPass, refused: 0, changes: 0, drift: 0, problem: null },
    },
    ...{ waiting: new Map(), interval: 60_000, now: END, isReadOnly: false, hasEnded: false },
  });
  const parts = await gatherPage(
    world,
    {
      ...{ zone: UTC, isRenewed: true, status, state: inputs.state, drops: month.drops, peers: [] },
      uncounted: [],
      conclusion: conclude(inputs.state, { ...inputs, now: END }),
    },
    { counts: new Counts(), turn: () => Promise.resolve() },
  );
  return parts.join('');
}

const folder = mkdtempSync(join(tmpdir(), 'picture-'));
const browser = await openBrowser();
try {
  const file = join(folder, 'index.html');
  writeFileSync(file, await makePage(folder));
  const page = await browser.newPage({ viewport: { width: 1_280, height: 1_180 } });
  await page.clock.setFixedTime(END + 22_000);
  await page.goto(pathToFileURL(file).href);
  const png = join(folder, 'report.png');
  await page.screenshot({ path: png });
  mkdirSync(join(TARGET, '..'), { recursive: true });
  execFileSync('cwebp', ['-quiet', '-q', '82', '-m', '6', png, '-o', TARGET]);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
