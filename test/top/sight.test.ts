import { rmSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UTC } from '../../src/domain/words.ts';
import { Sight } from '../../src/top/sight.ts';
import { feedFolder, tellFeed } from '../../src/feed/feed.ts';
import { banText } from '../support/intent-text.ts';
import { eventually } from '../support/eventually.ts';
import { worldOf } from '../support/pass.ts';
import { Sandbox } from '../support/sandbox.ts';

const test = suite('top/sight');

const OPTIONS = { zone: UTC, host: 'fw1', conditions: [] };

test('sees what a controller does, from one look to the next, and that it was killed', async () => {
  await using sandbox = await Sandbox.open();
  const controller = await sandbox.startController();
  const sight = new Sight(worldOf(sandbox), OPTIONS);
  const before = sight.look();
  sandbox.drop('web1', banText('198.51.100.7'));

  const after = await eventually(() => {
    const seen = sight.look();
    assert.ok(seen.events.some((event) => event.kind === 'banned'));
    assert.is(seen.status.bans, 1);
    return seen;
  });
  await controller.stop('SIGKILL');
  const killed = sight.look();

  const wrong = killed.status.conditions.filter(({ status }) => status === 'False');
  assert.equal([before.status.converged, before.status.bans], [true, 0]);
  assert.is(before.events.at(-1)?.kind, 'started');
  assert.is(
    after.minutes.reduce((sum, count) => sum + count),
    1,
  );
  assert.ok(after.checkedAt !== undefined && after.checkedAt <= Date.now());
  assert.ok(wrong.some(({ type, reason }) => type === 'ControllerRunning' && reason === 'Ended'));
});

test('keeps the last events alone, however many come', async () => {
  await using sandbox = await Sandbox.open();
  const world = worldOf(sandbox);
  const sight = new Sight(world, OPTIONS);
  assert.equal(sight.look().events, []);
  for (let times = 0; times < 1_100; times += 1) tellFeed(world, 'started');
  sight.look();
  for (let times = 0; times < 1_100; times += 1) tellFeed(world, 'stopped');

  const { events } = sight.look();

  assert.is(events.length, 2_000);
  assert.equal([events[0]?.kind, events.at(-1)?.kind], ['started', 'stopped']);
});

test('shows all else where the feed cannot be read', async () => {
  await using sandbox = await Sandbox.open();
  await sandbox.cli('reconcile');
  const world = worldOf(sandbox);
  rmSync(feedFolder(world.config), { recursive: true, force: true });
  writeFileSync(feedFolder(world.config), '');

  const seen = new Sight(world, OPTIONS).look();

  assert.match(seen.eventsTrouble ?? '', /^cannot read the feed: ENOTDIR/);
  assert.ok(seen.status.converged);
});

test.run();
