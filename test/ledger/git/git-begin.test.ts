import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { clearCutInit, ignoreLeavings, makeRepository } from '../../../src/ledger/git/git-begin.ts';
import { commit, git, ledgerSuite, write } from '../ledger-suite.ts';

const beginning = ledgerSuite('a repository that begins');

beginning('stands under its name when it is whole, whatever a killed one left', async ({ world }) => {
  const { config, files } = world;
  write(world, { '.begin.tmp/.git/HEAD': 'cut' });
  const found: string[] = [];

  await makeRepository(
    config.state,
    {
      ...files,
      move: async (from, to) => (found.push(readFileSync(join(from, 'HEAD'), 'utf8')), files.move(from, to)),
    },
    (args) => Promise.resolve(git(world, ...args)),
  );

  assert.equal(found, ['ref: refs/heads/main\n']);
  assert.equal(readdirSync(config.state), ['.git']);
  assert.match(git(world, 'status'), 'No commits yet');
});

beginning('and was cut goes, as long as nothing of a history is in it', async ({ world }) => {
  const { config, files } = world;
  const path = join(config.state, '.git');
  mkdirSync(join(path, 'objects/pack'), { recursive: true });

  await clearCutInit(config.state, files);

  assert.not.ok(existsSync(path));
});

beginning('stays where it is whole, holds an object, or stands elsewhere', async ({ folder, world }) => {
  const { config, files } = world;
  const path = join(config.state, '.git');
  const stays = async (): Promise<boolean> => {
    await clearCutInit(config.state, files);
    return existsSync(path);
  };
  mkdirSync(config.state);
  git(world, 'init', '--quiet');
  const whole = await stays();
  commit(world, { 'policy.yaml': '{}\n' });
  rmSync(join(path, 'HEAD'));
  const withObjects = await stays();
  rmSync(path, { recursive: true });
  writeFileSync(path, `gitdir: ${folder}/none\n`);

  assert.equal([whole, withObjects, await stays()], [true, true, true]);
});

beginning(
  'passes over what writes and editors leave, beside what a person wrote there',
  async ({ world }) => {
    const { config, files } = world;
    commit(world, { 'policy.yaml': '{}\n' });
    const exclude = join(config.state, '.git/info/exclude');
    mkdirSync(join(config.state, '.git/info'), { recursive: true });
    writeFileSync(exclude, 'mine');
    write(world, {
      '.policy.yaml.tmp': '',
      '.policy.yaml.swp': '',
      'policy.yaml~': '',
      '#x#': '',
      'notes.md': '',
    });

    await ignoreLeavings(config.state, files);
    const text = readFileSync(exclude, 'utf8');
    await ignoreLeavings(config.state, files);

    assert.is(git(world, 'status', '--porcelain'), '?? notes.md\n');
    assert.ok(text.startsWith('mine\n'));
    assert.is(readFileSync(exclude, 'utf8'), text);
  },
);

beginning.run();
