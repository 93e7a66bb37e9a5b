import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { GitHead } from '../../../src/ledger/git/git-head.ts';
import type { LedgerWorld } from '../../../src/ledger/ledger-world.ts';
import { commit, git, ledgerSuite } from '../ledger-suite.ts';

const heading = ledgerSuite('the head of git');

const open = ({ config, files, run }: LedgerWorld): GitHead =>
  new GitHead(config.state, files, (args) => run('git', args, { cwd: config.state }));

heading('is the newest commit, on a branch, a packed one or none', async ({ world }) => {
  const made = commit(world, {});
  const head = open(world);
  const loose = [await head.commit(), await head.isDetached()];
  git(world, 'pack-refs', '--all');
  const packed = [await head.commit(), await head.isDetached()];
  git(world, 'checkout', '--quiet', '--detach');

  const detached = [await head.commit(), await head.isDetached()];

  assert.equal(
    [loose, packed, detached],
    [
      [made, false],
      [made, false],
      [made, true],
    ],
  );
});

heading('is unborn until the first commit, and not where its branch is packed', async ({ world }) => {
  mkdirSync(world.config.state);
  git(world, 'init', '--quiet', '--initial-branch=main');
  const head = open(world);
  const before = await head.isUnborn();
  commit(world, {});
  const after = await head.isUnborn();
  git(world, 'pack-refs', '--all');

  assert.equal([before, after, await head.isUnborn()], [true, false, false]);
});

heading('is asked without a read while it names the branch that had a commit', async ({ folder, world }) => {
  commit(world, {});
  let reads = 0;
  const read = async (path: string): Promise<string | undefined> => {
    reads += 1;
    return world.files.read(path);
  };
  const remembering = open({ ...world, files: { ...world.files, read } });
  await remembering.isUnborn();
  reads = 0;
  const again = [await remembering.isUnborn(), reads];
  const answers: (readonly boolean[])[] = [];
  const [git1, git2] = [join(world.config.state, '.git'), join(folder, 'git')];
  const changes = [
    () => git(world, 'checkout', '--quiet', '--orphan', 'other'),
    () => git(world, 'checkout', '--quiet', '-f', 'main'),
    () => git(world, 'branch', '--quiet', '--move', 'renamed'),
    () => git(world, 'update-ref', '-d', 'refs/heads/renamed'),
    () => {
      renameSync(git1, git2);
      git(world, 'init', '--quiet', '--initial-branch=main');
    },
    () => {
      rmSync(git1, { recursive: true });
      writeFileSync(git1, `gitdir: ${git2}\n`);
    },
  ];

  for (const change of changes) {
    change();
    answers.push([await remembering.isUnborn(), await open(world).isUnborn()]);
  }

  assert.equal(again, [false, 0]);
  assert.equal(answers, [
    [true, true],
    [false, false],
    [false, false],
    [true, true],
    [true, true],
    [true, true],
  ]);
});

heading('has grown from what is in its history, or holds the same of ours', async ({ world }) => {
  const first = commit(world, { 'policy.yaml': '{}\n' });
  const second = commit(world, { 'policy.yaml': 'allow: []\n' });
  const head = open(world);
  const grown = [await head.hasGrownFrom(first), await head.hasGrownFrom(second)];
  git(world, 'commit', '--quiet', '--amend', '-m', 'worded otherwise');
  const amended = await head.hasGrownFrom(second);
  git(world, 'reset', '--quiet', '--hard', first);
  const setBack = await head.hasGrownFrom(second);

  assert.equal([grown, amended, setBack], [[true, true], true, false]);
});

heading('is whole as long as each object of that commit is there', async ({ world }) => {
  const first = commit(world, { 'policy.yaml': '{}\n' });
  const second = commit(world, { 'policy.yaml': 'allow: []\n' });
  const head = open(world);
  const blob = git(world, 'rev-parse', `${first}:policy.yaml`).trim();

  rmSync(join(world.config.state, '.git/objects', blob.slice(0, 2), blob.slice(2)));

  assert.equal([await head.isWhole(first), await head.isWhole(second)], [false, true]);
  assert.ok(await head.hasCommit(first));
});

heading('finds the branch that has a commit which was left behind', async ({ world }) => {
  commit(world, { 'policy.yaml': '{}\n' });
  git(world, 'checkout', '--quiet', '-b', 'other');
  const made = commit(world, { 'policy.yaml': 'allow: []\n' });
  git(world, 'checkout', '--quiet', 'main');
  const head = open(world);

  assert.equal(
    [await head.branchWith(made), await head.branchBefore(), await head.freeBranch()],
    ['other', 'main', 'main-2'],
  );
  assert.is(await head.hasCommit('1'.repeat(40)), false);
});

heading.run();
