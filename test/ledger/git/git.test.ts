import { mkdirSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { StateRepository } from '../../../src/ledger/git/git.ts';
import { noteMoved } from '../../../src/ledger/store/moved-files.ts';
import type { LedgerWorld } from '../../../src/ledger/ledger-world.ts';
import { git, ledgerSuite, write } from '../ledger-suite.ts';

const repository = ledgerSuite('the repository of the state');

/** With one commit of these. */
async function begin(
  world: LedgerWorld,
  texts: Readonly<Record<string, string>> = { 'policy.yaml': '{}\n', 'claims/203.yaml': '[]\n' },
): Promise<StateRepository> {
  const mine = new StateRepository(world.config.state, world.run, world.files);
  write(world, texts);
  await mine.begin('Begin\n');
  return mine;
}

const changed = (world: LedgerWorld): string =>
  git(world, 'show', '--format=', '--name-status', 'HEAD').replaceAll('\t', ' ');

repository('begins with what stands in its folder, which a template only adds to', async ({ world }) => {
  const mine = new StateRepository(world.config.state, world.run, world.files);
  write(world, { 'policy.yaml': 'deny: []\n' });
  write({ config: { ...world.config, state: world.template } }, { 'README.md': 'ours\n' });

  await mine.prepare(world.template);
  await mine.begin('Begin\n');

  assert.is(git(world, 'show', 'HEAD:policy.yaml'), 'deny: []\n');
  assert.is(git(world, 'show', 'HEAD:README.md'), 'ours\n');
  assert.is(await mine.isDirty(), false);
});

repository(
  'commits all that changed but what it is told to leave, and nothing where nothing did',
  async ({ world }) => {
    const mine = await begin(world);
    write(world, { 'policy.yaml': 'damaged', 'claims/198.yaml': '[]\n', 'claims/203.yaml': '# x\n' });

    await mine.commit('Ban\n', ['policy.yaml']);
    await mine.commit('Nothing\n', ['policy.yaml']);

    assert.is(changed(world), 'A claims/198.yaml\nM claims/203.yaml\n');
    assert.is(git(world, 'log', '-1', '--format=%s'), 'Ban\n');
    assert.is(await mine.isDirty(), true);
  },
);

repository('misses what is gone and was not moved, and commits of ours only what was', async ({ world }) => {
  const mine = await begin(world, { 'claims/1.yaml': '[]\n', 'claims/2.yaml': '[]\n', 'notes.md': 'x\n' });
  const { config, files } = world;
  await noteMoved(config.state, files, ['claims/1.yaml']);
  for (const name of ['claims/1.yaml', 'claims/2.yaml', 'notes.md']) rmSync(join(config.state, name));

  const missing = await mine.missingFiles();
  await mine.commit('Move\n');

  assert.equal(missing, ['claims/2.yaml']);
  assert.is(changed(world), 'D claims/1.yaml\nD notes.md\n');
});

repository('misses it without its index too, which it makes anew', async ({ world }) => {
  const mine = await begin(world);
  rmSync(join(world.config.state, 'claims/203.yaml'));
  truncateSync(join(world.config.state, '.git/index'));

  const missing = await mine.missingFiles();
  await mine.mendIndex();

  assert.equal(missing, ['claims/203.yaml']);
  assert.is(git(world, 'status', '--porcelain'), ' D claims/203.yaml\n');
});

repository('names the words that take a file back which git was told to skip', async ({ world }) => {
  const mine = await begin(world);
  git(world, 'update-index', '--skip-worktree', 'claims/203.yaml');
  rmSync(join(world.config.state, 'claims/203.yaml'));

  const words = await mine.takeBack(['claims/203.yaml']);
  git(world, ...words.split(' '));

  assert.equal(await mine.missingFiles(), []);
});

repository('packs nothing by a program that its configuration names', async ({ world }) => {
  const mine = await begin(world);
  const { args } = await mine.packing();
  git(world, 'config', 'gc.recentObjectsHook', 'touch ran');

  const failure = await mine.packing().catch((error: unknown) => error);

  assert.ok(args.includes('repack'));
  assert.match(String(failure), 'gc.recentObjectsHook');
});

repository('clears what a killed packing left an hour ago', async ({ world }) => {
  const mine = await begin(world);
  const folder = join(world.config.state, '.git/objects/pack');
  mkdirSync(folder, { recursive: true });
  const now = Date.now();
  for (const [name, age] of [
    ['tmp_pack_old', 3601],
    ['.tmp-1-pack-old.pack', 3601],
    ['tmp_pack_new', 3599],
    ['pack-old.pack', 3601],
  ] as const) {
    writeFileSync(join(folder, name), '');
    utimesSync(join(folder, name), now / 1000 - age, now / 1000 - age);
  }

  await mine.clearPackLeavings(now);

  assert.equal(readdirSync(folder).sort(), ['pack-old.pack', 'tmp_pack_new']);
});

repository('says what git said where it fails', async ({ world }) => {
  const mine = await begin(world);
  truncateSync(join(world.config.state, '.git/HEAD'));

  const failure = await mine.note('x\n').catch((error: unknown) => error);

  assert.match(String(failure), `git commit in ${world.config.state}: fatal: not a git repository`);
});

repository.run();
