import * as assert from 'uvu/assert';
import { findDetachedHead } from '../../src/ledger/detached-head.ts';
import { StateRepository } from '../../src/ledger/git/git.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { commit, git, ledgerSuite, shell } from './ledger-suite.ts';

const detached = ledgerSuite('a HEAD on no branch');

const find = async (world: LedgerWorld): ReturnType<typeof findDetachedHead> =>
  findDetachedHead(world, new StateRepository(world.config.state, world.run, world.files).head);

detached('is none where it follows a branch', async ({ world }) => {
  commit(world, { 'policy.yaml': '{}\n' });

  assert.is(await find(world), undefined);
});

detached('takes the branch along that it has grown from', async ({ world }) => {
  commit(world, { 'policy.yaml': '{}\n' });
  git(world, 'checkout', '--quiet', '--detach');
  const made = commit(world, { 'policy.yaml': 'allow: []\n' });

  shell((await find(world))?.mend ?? 'false');

  assert.is(git(world, 'symbolic-ref', '--short', 'HEAD'), 'main\n');
  assert.is(git(world, 'rev-parse', 'main').trim(), made);
});

detached('at a commit that every branch has left behind gets a branch of its own', async ({ world }) => {
  const first = commit(world, { 'policy.yaml': '{}\n' });
  const second = commit(world, { 'policy.yaml': 'allow: []\n' });
  git(world, 'checkout', '--quiet', first);

  shell((await find(world))?.mend ?? 'false');

  assert.is(git(world, 'symbolic-ref', '--short', 'HEAD'), 'main-2\n');
  assert.equal(
    [git(world, 'rev-parse', 'main').trim(), git(world, 'rev-parse', 'HEAD').trim()],
    [second, first],
  );
});

detached.run();
