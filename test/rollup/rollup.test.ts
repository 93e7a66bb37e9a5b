/** The roll-up, kept by passes and made again from git. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rolledHours } from '../support/rolled-hours.ts';
import { freshMemory, type Memory } from '../../src/pass/memory.ts';
import { dayFile } from '../../src/rollup/day.ts';
import { DAY_MS, dayOf, HOUR_MS, type Hour } from '../../src/rollup/hour.ts';
import { Rollup } from '../../src/rollup/rollup.ts';
import type { World } from '../../src/world/world.ts';
import { run } from '../../src/system/processes/run.ts';
import { eventually } from '../support/eventually.ts';
import { iptables } from '../support/firewall.ts';
import { banText, snapshotText, unbanText } from '../support/intent-text.ts';
import { makeMonth } from '../support/month.ts';
import { makePass, worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('rollup/rollup');

/** A controller's life: what it keeps, and how passes are made. */
interface Life {
  readonly world: World;
  readonly rollup: Rollup;
  readonly memory: Memory;
  pass(): Promise<void>;
}

function live(sandbox: Sandbox, parts: Partial<World> = {}): Life {
  const world = worldOf(sandbox, parts);
  const memory = freshMemory(world);
  const rollup = new Rollup(world, memory);
  return {
    ...{ world, rollup, memory },
    pass: async () => {
      rollup.passed(await makePass(world, memory));
      await rollup.rest();
    },
  };
}

/** Ends a life once all is made again. */
async function settle({ world, rollup }: Life): Promise<readonly Hour[]> {
  await rollup.over();
  await rollup.close();
  return rolledHours(world, 30);
}

/** What git holds of it, of all hours together: a pass may end in another hour than its commit was made in. */
function told(hours: readonly Hour[]): readonly string[] {
  const counts = new Map<string, number>();
  const add = (key: string, count: number): void => void counts.set(key, (counts.get(key) ?? 0) + count);
  for (const { bans, ended, drift } of hours) {
    for (const { server, jail, count } of bans) add(`${server} ${jail}`, count);
    for (const { culprit, count } of drift) add(`drift ${culprit}`, count);
    if (ended > 0) add('ended', ended);
  }
  return Array.from(counts, ([key, count]) => `${key}: ${count}`).sort();
}

const hourOf = (time: number): number => Math.floor(time / HOUR_MS);

const rollupOf = (sandbox: Sandbox): string => join(sandbox.state, '.git/banspool/rollup');

test('counts pass by pass what it makes of git again when its folder is gone', async () => {
  await using sandbox = await Sandbox.open();
  const first = live(sandbox);
  await first.pass();
  for (let host = 1; host <= 9; host += 1) sandbox.drop(`web${host % 3}`, banText(`198.51.100.${host}`));
  await first.pass();
  sandbox.drop('web1', unbanText('198.51.100.1'));
  sandbox.drop('web2', snapshotText(['203.0.113.1', '203.0.113.2', '198.51.100.2']));
  sandbox.drop('web0', banText('198.51.100.77', { bantime: 1, time: Date.now() / 1000 - 0.9 }));
  sandbox.drop('local', 'intent: unban\nip: 198.51.100.3\n...\n');
  await first.pass();
  await iptables(['-F', 'fail2ban-sshd']);
  await first.pass();
  await eventually(async () => {
    await first.pass();
    assert.ok(
      Array.from(first.memory.ledger.state.shards.values()).every(({ nextEnd }) => nextEnd > Date.now()),
    );
  });
  const counted = await settle(first);
  rmSync(join(sandbox.state, '.git/banspool'), { recursive: true });

  const second = live(sandbox);
  await second.pass();
  const again = await settle(second);

  assert.equal(told(again), told(counted));
  assert.ok(told(counted).includes('web0 sshd: 4'), told(counted).join(', '));
  assert.ok(told(counted).some((line) => line.startsWith('drift ')));
});

test('keeps what only a controller sees, adds to it after a restart, and loses nothing that others committed', async () => {
  await using sandbox = await Sandbox.open();
  const first = live(sandbox);
  sandbox.drop('web1', banText('198.51.100.1'));
  sandbox.drop('web1', 'intent: nonsense\n...\n');
  await first.pass();
  await settle(first);
  // The timer's pass counts nothing itself.
  sandbox.drop('web2', banText('198.51.100.2'));
  await makePass(worldOf(sandbox));

  const second = live(sandbox);
  sandbox.drop('web2', 'intent: nonsense\n...\n');
  await second.pass();
  const hours = await settle(second);

  assert.equal(told(hours), ['web1 sshd: 1', 'web2 sshd: 1']);
  const refused = hours.flatMap(({ refused: each }) => each ?? []);
  assert.equal(refused.map(({ server, count }) => `${server} ${count}`).sort(), ['web1 1', 'web2 1']);
  const latency = hours.flatMap((hour) => hour.latency ?? []);
  assert.is(
    latency.reduce((sum, count) => sum + count, 0),
    1,
  );
});

test('makes a month again from git in the background, and goes on where it was stopped', async () => {
  await using sandbox = await Sandbox.open();
  const { attacks, drift } = makeMonth(sandbox.folder, { end: Date.now() });
  rmSync(join(sandbox.state, '.git/banspool'), { recursive: true });
  const stopped = live(sandbox);
  await stopped.pass();
  await stopped.rollup.close();
  const before = readdirSync(rollupOf(sandbox)).length;

  const life = live(sandbox);
  await life.pass();
  // What comes while git is asked is counted once.
  sandbox.drop('web1', banText('203.0.113.3'));
  await life.pass();
  const hours = await settle(life);

  assert.ok(before < 31);
  const since = dayOf(Date.now()) - 29 * DAY_MS;
  // What came and went within an hour is in no commit of that month.
  const hits = attacks.flatMap(({ hits: all, until }) =>
    all.filter((hit) => hit.since >= since && hourOf(hit.since) !== hourOf(until)),
  );
  const bans = hours.flatMap((hour) => hour.bans).reduce((sum, { count }) => sum + count, 0);
  assert.is(bans, hits.length + 1);
  const drifts = hours.flatMap((hour) => hour.drift).reduce((sum, { count }) => sum + count, 0);
  assert.is(drifts, drift.filter(({ time }) => time >= since).length);
  assert.ok(hours.some(({ drift: each }) => each.some(({ culprit }) => culprit === 'iptables')));
  assert.is(await sandbox.git('status', '--porcelain'), '');
});

test('counts by its files a commit that changed too much to be read at once, and names what it leaves out', async () => {
  await using sandbox = await Sandbox.open();
  const first = live(sandbox);
  sandbox.drop('web1', snapshotText(['198.51.100.1', '203.0.113.1', '203.0.113.2', '192.0.2.1']));
  await first.pass();
  sandbox.drop('web2', snapshotText(Array.from({ length: 100 }, (_, host) => `10.0.0.${host}`)));
  sandbox.drop('web3', snapshotText(['198.51.100.9']));
  await first.pass();
  await settle(first);
  rmSync(join(sandbox.state, '.git/banspool'), { recursive: true });

  const warnings: string[] = [];
  const log = { error: () => undefined, info: () => undefined, warn: (line: string) => warnings.push(line) };
  const second = live(sandbox, {
    log,
    run: async (file, args, options) =>
      run(file, args, args.includes('diff-tree') ? { ...options, maxOutput: 2000 } : options),
  });
  await second.pass();
  const hours = await settle(second);

  assert.equal(told(hours), ['web1 sshd: 4', 'web3 sshd: 1']);
  assert.equal(
    warnings.map((line) => line.replace(/[0-9a-f]{8}/, 'COMMIT')),
    [
      'the figures of the month lack what commit COMMIT changed in claims/ipv4/10.yaml, which is too much to be read',
    ],
  );
});

test('keeps 31 days, and is made by no controller where there is no repository or no room', async () => {
  await using sandbox = await Sandbox.open();
  const life = live(sandbox);
  await life.pass();
  await settle(life);
  writeFileSync(join(rollupOf(sandbox), '2020-01-01.json'), '{}');
  const next = live(sandbox);
  await next.pass();
  await settle(next);
  assert.is(readdirSync(rollupOf(sandbox)).length, 31);

  renameSync(join(sandbox.state, '.git'), join(sandbox.folder, 'elsewhere'));
  const lost = live(sandbox);
  await lost.rollup.rest();
  await lost.rollup.close();
  assert.not.ok(existsSync(join(sandbox.state, '.git')));

  renameSync(join(sandbox.folder, 'elsewhere'), join(sandbox.state, '.git'));
  rmSync(rollupOf(sandbox), { recursive: true });
  mkdirSync(join(sandbox.state, '.git/banspool'), { recursive: true });
  writeFileSync(rollupOf(sandbox), '');
  const warnings: string[] = [];
  const log = { error: () => undefined, info: () => undefined, warn: (line: string) => warnings.push(line) };
  const full = live(sandbox, { log });
  await full.pass();
  await full.pass();
  await full.rollup.close();
  assert.is(warnings.filter((line) => line.startsWith('cannot write the figures of the month')).length, 1);
});

test('is there for clones and for packing as if it were not', async () => {
  await using sandbox = await Sandbox.open();
  const life = live(sandbox);
  await life.pass();
  await settle(life);

  await sandbox.git('gc', '--quiet', '--prune=now');
  await sandbox.git('fsck', '--strict');
  await sandbox.git('clone', '--quiet', sandbox.state, join(sandbox.folder, 'clone'));

  assert.is(await sandbox.git('status', '--porcelain'), '');
  assert.not.ok(existsSync(join(sandbox.folder, 'clone/.git/banspool')));
  const today = join(rollupOf(sandbox), dayFile(dayOf(Date.now())));
  assert.match(readFileSync(today, 'utf8'), /^\{"version":1/);
});

test.run();
