import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { HiddenFiles, indexEntries, type Git } from '../../../src/ledger/git/git-hidden.ts';
import type { LedgerWorld } from '../../../src/ledger/ledger-world.ts';
import { commit, git, ledgerSuite, write } from '../ledger-suite.ts';

const hiding = ledgerSuite('what is hidden from git');

const OURS = ['claims', 'policy.yaml'];

const asGit =
  ({ run, config }: LedgerWorld): Git =>
  async (args, input = '') =>
    (await run('git', args, { cwd: config.state, input })).stdout;

const hiddenIn = (world: LedgerWorld): HiddenFiles =>
  new HiddenFiles(asGit(world), OURS, (path) => existsSync(join(world.config.state, path)));

const revealIn = async (world: LedgerWorld): Promise<boolean> => hiddenIn(world).reveal();

hiding(
  'by a bit in the index is seen again, but for what is gone: git would take that for removed',
  async ({ world }) => {
    const names = ['skipped', 'assumed', 'gone'].map((name) => `claims/${name}.yaml`);
    commit(world, Object.fromEntries(names.map((name) => [name, '[]\n'])));
    for (const [index, bit] of ['--skip-worktree', '--assume-unchanged', '--skip-worktree'].entries())
      git(world, 'update-index', bit, names[index] ?? '');
    rmSync(join(world.config.state, 'claims/gone.yaml'));
    write(world, { 'claims/skipped.yaml': '# edited\n', 'claims/assumed.yaml': '# edited\n' });
    const before = git(world, 'status', '--porcelain');

    const found = await revealIn(world);

    assert.equal([before, found], ['', true]);
    assert.is(git(world, 'status', '--porcelain'), ' M claims/assumed.yaml\n M claims/skipped.yaml\n');
  },
);

hiding('by .gitignore is added, but not what a write or an editor leaves', async ({ world }) => {
  commit(world, { '.gitignore': '*\n' });
  write(world, {
    'claims/203.yaml': '[]\n',
    'claims/.203.yaml.tmp': '',
    'claims/203.yaml~': '',
    'notes.yaml': '',
  });

  const found = await revealIn(world);

  assert.is(found, true);
  assert.is(git(world, 'status', '--porcelain'), 'A  claims/203.yaml\n');
});

hiding('is nothing where nobody hid anything', async ({ world }) => {
  commit(world, { 'policy.yaml': '{}\n' });

  assert.is(await revealIn(world), false);
});

hiding(
  'may be looked for ahead, and is looked for again where that does not hold any more',
  async ({ world }) => {
    commit(world, { '.gitignore': '*\n' });
    const hidden = hiddenIn(world);
    await hidden.look();
    write(world, { 'claims/203.yaml': '[]\n' });

    const asBefore = await hidden.reveal();
    const anew = await hidden.reveal();
    await hidden.look();
    hidden.forget();
    write(world, { 'claims/204.yaml': '[]\n' });
    const forgotten = await hidden.reveal();

    assert.equal([asBefore, anew, forgotten], [false, true, true]);
  },
);

hiding('is told by its bit', async ({ world }) => {
  const names = ['assumed', 'plain', 'skipped'].map((name) => `claims/${name}.yaml`);
  commit(world, Object.fromEntries([...names, 'other.yaml'].map((name) => [name, '[]\n'])));
  git(world, 'update-index', '--assume-unchanged', 'claims/assumed.yaml');
  git(world, 'update-index', '--skip-worktree', 'claims/skipped.yaml');

  const entries = await indexEntries(asGit(world), OURS);

  assert.equal(
    entries.map(({ path, isHidden, isSkipped }) => [path, isHidden, isSkipped]),
    [
      [names[0], true, false],
      [names[1], false, false],
      [names[2], true, true],
    ],
  );
});

hiding.run();
