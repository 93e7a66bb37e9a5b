import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { BranchFiles } from '../../../src/ledger/git/branch-files.ts';
import type { LedgerWorld } from '../../../src/ledger/ledger-world.ts';
import { commit, git, ledgerSuite } from '../ledger-suite.ts';

const branches = ledgerSuite('branches as git’s files have them');

const MAIN = 'refs/heads/main';

const open = ({ config, files }: LedgerWorld): BranchFiles =>
  new BranchFiles(join(config.state, '.git'), files);

branches(
  'are loose ones and packed ones, but none whose name means something to a shell',
  async ({ world }) => {
    commit(world, {});
    git(world, 'branch', 'packed');
    git(world, 'pack-refs', '--all');
    git(world, 'branch', 'loose');
    const mine = open(world);
    for (const name of ['main.lock', '$(id)', '-x']) writeFileSync(mine.pathOf(`refs/heads/${name}`), '');

    assert.equal(await mine.names(), ['refs/heads/loose', MAIN, 'refs/heads/packed']);
  },
);

branches('are at the commit of their file, and without it at the packed one', async ({ world }) => {
  const packed = commit(world, {});
  git(world, 'pack-refs', '--all');
  const loose = commit(world, {});
  const mine = open(world);

  const both = [await mine.commitOf(MAIN), await mine.packedCommitOf(MAIN)];
  writeFileSync(mine.pathOf(MAIN), '\0\0\0');
  const broken = await mine.commitOf(MAIN);
  rmSync(mine.pathOf(MAIN));
  const gone = await mine.commitOf(MAIN);

  assert.equal([both, broken, gone], [[loose, packed], undefined, packed]);
});

branches(
  'were where their reflog says, the newest twenty first, or else where that of HEAD does',
  async ({ world }) => {
    const mine = open(world);
    const hash = (index: number): string => String(index).padStart(40, '0');
    const log = Array.from(
      { length: 25 },
      (_, index) => `${hash(index)} ${hash(index + 1)} A <a@b> 1 +0000\tx\n`,
    );
    mkdirSync(join(mine.folder, 'logs/refs/heads'), { recursive: true });
    writeFileSync(join(mine.folder, 'logs', MAIN), `${log.join('')}cut off`);
    writeFileSync(join(mine.folder, 'logs/HEAD'), log.slice(0, 1).join(''));

    const own = await mine.history(MAIN);
    const ofHead = await mine.history('refs/heads/other');

    assert.equal(
      own,
      Array.from({ length: 20 }, (_, index) => hash(25 - index)),
    );
    assert.equal(ofHead, [hash(1)]);
  },
);

branches.run();
