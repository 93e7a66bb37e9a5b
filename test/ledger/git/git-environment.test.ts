import * as assert from 'uvu/assert';
import {
  environment,
  hooksGc,
  overridesOf,
  withoutPrograms,
} from '../../../src/ledger/git/git-environment.ts';
import { commit, git, ledgerSuite, write } from '../ledger-suite.ts';

const environing = ledgerSuite('the environment of git');

const OPTIONS = { committer: { name: 'banspool', email: 'banspool@fw' }, isTrusted: false, overrides: [] };

environing('beats what the repository and the home say', async ({ folder, world }) => {
  commit(world, {});
  git(world, 'config', 'core.hooksPath', 'mine');
  write(
    { config: { ...world.config, state: folder } },
    { '.gitconfig': '[user]\n name = Me\n[x]\n y = z\n' },
  );
  const env = { ...environment(world.config.state, OPTIONS), HOME: folder };
  const ask = async (...args: readonly string[]): Promise<string> =>
    (await world.run('git', args, { cwd: world.config.state, env })).stdout.trim();

  assert.is(await ask('config', 'core.hooksPath'), '/dev/null');
  assert.is(await ask('config', 'x.y'), '');
  assert.match(await ask('var', 'GIT_COMMITTER_IDENT'), /^banspool <banspool@fw>/);
});

environing('trusts the folder of another user where it is told to, and no other', () => {
  const settingsOf = (isTrusted: boolean): string =>
    Object.values(environment('/state', { ...OPTIONS, isTrusted })).join('\n');

  assert.match(settingsOf(true), 'safe.directory\n/state');
  assert.not.match(settingsOf(false), 'safe.directory');
});

environing('keeps git from showing differences by programs', () => {
  const show = ['--no-optional-locks', 'show', 'HEAD:policy.yaml'];
  const commitWords = ['commit', '--file=-'];

  assert.is(
    withoutPrograms(show).join(' '),
    '--no-optional-locks show --no-ext-diff --no-textconv --submodule=short HEAD:policy.yaml',
  );
  assert.equal(withoutPrograms(commitWords), commitWords);
});

environing('overrules the programs that keys name, by whatever name', () => {
  const keys = ['filter.a.b.clean', 'filter.a.required', 'hook.x.command', 'user.name', 'filterx.clean'];

  assert.equal(overridesOf(keys), [
    ['filter.a.b.clean', ''],
    ['filter.a.b.required', 'false'],
    ['hook.x.enabled', 'false'],
  ]);
  assert.equal([hooksGc(keys), hooksGc(['gc.recentobjectshook'])], [false, true]);
});

environing.run();
