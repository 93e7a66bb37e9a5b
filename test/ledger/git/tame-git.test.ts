import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { TameGit } from '../../../src/ledger/git/tame-git.ts';
import type { LedgerWorld } from '../../../src/ledger/ledger-world.ts';
import { commit, git, ledgerSuite, write } from '../ledger-suite.ts';

const taming = ledgerSuite('git on the state');

const open = ({ config, run, files }: LedgerWorld): TameGit => new TameGit(config.state, run, files);

/** What it does with a file that a filter is for. */
async function add(world: LedgerWorld, tame: TameGit): Promise<void> {
  write(world, { 'x.yaml': `${Math.random()}\n` });
  const { exitCode, stderr } = await world.run('git', ['add', '.'], await tame.options());
  assert.is(exitCode, 0, stderr);
}

taming(
  'runs no filter that the configuration names, also one that came since, or is included',
  async ({ folder, world }) => {
    const ran = join(folder, 'ran');
    commit(world, { '.gitattributes': '*.yaml filter=one filter=two\n' });
    const tame = open(world);
    await add(world, tame);
    for (const name of ['one', 'two']) {
      git(world, 'config', `filter.${name}.clean`, `touch ${ran}; cat`);
      await add(world, tame);
    }
    git(world, 'config', '--unset', 'filter.two.clean');
    git(world, 'config', 'include.path', 'more');
    await add(world, tame);
    write(world, { '.git/more': `[filter "two"]\n clean = touch ${ran}; cat\n required = true\n` });

    await add(world, tame);

    assert.not.ok(existsSync(ran));
    // Such a filter is run by git itself, as it stands there.
    write(world, { 'x.yaml': 'z\n' });
    git(world, 'add', '.');
    assert.ok(existsSync(ran));
  },
);

taming('does not collect garbage where a program is named for that', async ({ world }) => {
  commit(world, {});
  const tame = open(world);
  const before = await tame.hooksGc();
  git(world, 'config', 'gc.recentObjectsHook', 'touch ran');

  assert.equal([before, await tame.hooksGc()], [false, true]);
});

taming.run();
