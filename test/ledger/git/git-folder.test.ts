import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { gitFolderOf } from '../../../src/ledger/git/git-folder.ts';
import { git, ledgerSuite } from '../ledger-suite.ts';

const finding = ledgerSuite('the folder of a repository');

finding('is .git, also where there is none yet', async ({ world }) => {
  const { config, files } = world;
  const none = await gitFolderOf(config.state, files);
  mkdirSync(config.state);
  git(world, 'init', '--quiet');

  assert.equal([none, await gitFolderOf(config.state, files)], Array(2).fill(join(config.state, '.git')));
});

finding('is the one that a file names, as git finds it', async ({ folder, world }) => {
  const { config, files } = world;
  mkdirSync(config.state);
  git(world, 'init', '--quiet', `--separate-git-dir=${join(folder, 'apart')}`);
  const named = await gitFolderOf(config.state, files);
  writeFileSync(join(config.state, '.git'), 'gitdir: ../apart\n');

  const relative = await gitFolderOf(config.state, files);

  assert.equal([named, relative], Array(2).fill(join(folder, 'apart')));
  assert.is(git(world, 'rev-parse', '--absolute-git-dir').trim(), relative);
});

finding.run();
