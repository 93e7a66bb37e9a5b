/** The page of 100,000 bans and a full month, as the controller makes it each minute while new bans come in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UTC } from '../../src/domain/words.ts';
import type { NetDrops } from '../../src/firewall/drops.ts';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import { Counts, gatherPage, type Grounds } from '../../src/report/gather.ts';
import { reportPath } from '../../src/report/report-path.ts';
import { Day, dayFile, encodeDay } from '../../src/rollup/day.ts';
import { DAY_MS, dayOf, HOUR_MS } from '../../src/rollup/hour.ts';
import { rollupFolder } from '../../src/rollup/read-rollup.ts';
import { assessStatus } from '../../src/status/assess-status.ts';
import { Chronicle } from '../../src/status/chronicle.ts';
import { writePage } from '../../src/system/files/write-page.ts';
import { banText } from '../support/intent-text.ts';
import { makePass, makePasses, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';
import type { World } from '../../src/world/world.ts';
import { claimCrowd, crowd } from './crowd.ts';
import { figureOf, type Figure } from './figure.ts';

const BANS = 100_000;

/** New ones between two pages. */
const NEW = 30;
const PAGES = 15;

/** The first page counts all there is, and is made once. */
const GOAL_MS = 100;
const SLICE_GOAL_MS = 20;

export async function report(): Promise<readonly Figure[]> {
  await using sandbox = await Sandbox.open({ config: { interval: '1h' } });
  const world = worldOf(sandbox);
  const memory = freshMemory(world);
  claimCrowd(sandbox, crowd(BANS));
  await makePasses(world, { memory });
  await writeMonth(world);
  const addresses = crowd(BANS + NEW * PAGES).slice(BANS);
  const chronicle = new Chronicle(world, memory);
  const drops = knocking();
  const counts = new Counts();
  const pages: Made[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    // One after the other, so that slices of passes are none of a page's.
    for (const ip of addresses.slice(page * NEW, (page + 1) * NEW)) sandbox.drop('web1', banText(ip));
    chronicle.passed(await makePass(world, memory, 'quick'));
    pages.push(await makePage(world, groundsOf(world, memory, { chronicle, drops }), counts));
  }
  const goal = (most: number): { readonly goal: Parameters<typeof figureOf>[2] } => ({
    goal: { goal: { words: `${most} ms`, most: { median: most } } },
  });
  const [first, ...others] = pages;
  return [
    figureOf('first page of 100,000 bans, CPU', [first?.cpu ?? Number.NaN]),
    figureOf('its longest slice', [first?.slice ?? Number.NaN]),
    figureOf(
      'page of a minute later, CPU',
      others.map(({ cpu }) => cpu),
      goal(GOAL_MS).goal,
    ),
    figureOf(
      'its longest slice',
      others.map(({ slice }) => slice),
      goal(SLICE_GOAL_MS).goal,
    ),
  ];
}

interface Made {
  readonly cpu: number;
  readonly slice: number;
}

async function makePage(world: World, grounds: Grounds, counts: Counts): Promise<Made> {
  const slices: number[] = [];
  let begun = performance.now();
  const turn = async (): Promise<void> => {
    slices.push(performance.now() - begun);
    await setImmediate();
    begun = performance.now();
  };
  const before = process.cpuUsage();
  const parts = await gatherPage(world, grounds, { counts, turn });
  await writePage(reportPath(world.config), parts);
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, slice: Math.max(...slices) };
}

/** As the controller's reporter has them. */
function groundsOf(
  world: World,
  { concluder, ledger, fleet }: Memory,
  { chronicle, drops }: { readonly chronicle: Chronicle; readonly drops: readonly NetDrops[] },
): Grounds {
  if (concluder.last === undefined) throw new Error('nothing was concluded');
  const record = chronicle.record();
  const times = { interval: world.config.interval, now: world.now(), isReadOnly: false, hasEnded: false };
  return {
    ...{ zone: UTC, isRenewed: true, conclusion: concluder.last, state: ledger.state },
    status: assessStatus({ record, waiting: new Map(), ...times }),
    drops,
    uncounted: [],
    peers: fleet.listener.reports(),
  };
}

/** One in five goes on. */
function knocking(): readonly NetDrops[] {
  return crowd(BANS / 5).map((ip, index) => {
    const packets = 1 + ((index * 7_919) % 10_007);
    return { ip, family: 'ipv4', jail: 'sshd', chain: 'fail2ban-sshd', packets, bytes: packets * 60 };
  });
}

/** 20 servers with five jails each, in all hours of 31 days. */
async function writeMonth(world: World): Promise<void> {
  const folder = await rollupFolder(world);
  mkdirSync(folder, { recursive: true });
  const today = dayOf(world.now());
  for (let start = today - 30 * DAY_MS; start <= today; start += DAY_MS) {
    const day = new Day(start);
    for (let pair = 0; pair < 24 * 100; pair += 1) {
      const time = start + (pair % 24) * HOUR_MS;
      const place = Math.floor(pair / 24);
      day.banned(time, { server: `web${place % 20}`, jail: `jail${Math.floor(place / 20)}` }, 1 + (pair % 7));
      day.enforced(time, [3, 61, 24, 7, 3, 1]);
      day.dropped(time, { packets: 1_000, bytes: 60_000 });
    }
    writeFileSync(join(folder, dayFile(start)), encodeDay(day));
  }
}
