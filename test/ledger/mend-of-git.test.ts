import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { LedgerWorld } from '../../src/ledger/ledger-world.ts';
import { mendOfGit } from '../../src/ledger/mend-of-git.ts';
import { BanspoolError } from '../../src/system/error.ts';
import { commit, git, ledgerSuite, shell } from './ledger-suite.ts';

const mending = ledgerSuite('the mend of git');

/** A state of two commits, the newest of which is known of. */
async function begin(world: LedgerWorld): Promise<readonly string[]> {
  const commits = ['{}\n', 'allow: []\n'].map((text) => commit(world, { 'policy.yaml': text }));
  await new Ledger(world).mark.noteCommit(commits[1] ?? '');
  return commits;
}

/** As it is told: a branch without a commit is a history that is lost, anything else git says itself. */
async function mendOf(world: LedgerWorld): Promise<string> {
  const ledger = new Ledger(world);
  return (await ledger.history.loss())?.mend ?? mendOfGit(world, ledger);
}

/** What breaks git's way to the newest commit; `$1` is the repository. */
const LOST_HEADS = {
  'HEAD gone': 'rm "$1/HEAD"',
  'HEAD cut': ': > "$1/HEAD"',
  'HEAD of zeros': 'printf "\\0\\0\\0" > "$1/HEAD"',
  'HEAD gone and the branch cut': 'rm "$1/HEAD"; : > "$1/refs/heads/main"',
  'the branch gone': 'rm "$1/refs/heads/main"',
  'the branch cut': ': > "$1/refs/heads/main"',
  'the branch of zeros': 'printf "\\0\\0\\0" > "$1/refs/heads/main"',
  'the branch at a commit that is not there':
    'echo 1234567890123456789012345678901234567890 > "$1/refs/heads/main"',
  'the branch cut, of which an older commit is packed':
    'git -C "$1" pack-refs --all; git -C "$1" update-ref refs/heads/main HEAD; : > "$1/refs/heads/main"',
  'the branch cut, and its reflog lost': ': > "$1/refs/heads/main"; rm -r "$1/logs"',
  'the branch cut, and its reflog cut': ': > "$1/refs/heads/main"; : > "$1/logs/refs/heads/main"',
};

for (const [what, broken] of Object.entries(LOST_HEADS))
  mending(`brings the newest commit back: ${what}`, async ({ world }) => {
    const [, newest = ''] = await begin(world);
    shell(`set -- ${join(world.config.state, '.git')}; ${broken}`);

    const mend = await mendOf(world);
    shell(mend.replace('restore it: ', '').split('; or,')[0] ?? 'false');

    assert.is(git(world, 'rev-parse', 'HEAD').trim(), newest, mend);
    assert.is(git(world, 'status', '--porcelain'), '');
  });

mending('goes back to the newest commit that is whole where objects are lost', async ({ world }) => {
  const [whole = '', newest = ''] = await begin(world);
  writeFileSync(objectOf(world, newest), '');

  const mend = await mendOf(world);
  const [, commands = 'false'] = /^(.*) && banspool accept$/.exec(mend) ?? [];
  shell(commands);

  assert.is(git(world, 'rev-parse', 'HEAD').trim(), whole, mend);
  assert.is(git(world, 'status', '--porcelain'), ' M policy.yaml\n');
});

mending('is a new history where nothing of it is whole, and the old one is put aside', async ({ world }) => {
  const [, newest = ''] = await begin(world);
  shell(`rm -rf ${world.config.state}/.git/objects/??`);

  const mend = await mendOf(world);

  const { state } = world.config;
  assert.match(mend, `mv ${state}/.git ${state}.git-of-${newest.slice(0, 8)} && banspool accept`);
});

mending('puts no name into a command that a shell would not take for one', async ({ world }) => {
  await begin(world);
  const path = join(world.config.state, '.git');
  for (const name of ['main', '$(reboot)']) writeFileSync(join(path, 'refs/heads', name), '');
  writeFileSync(join(path, 'HEAD'), 'ref: refs/heads/$(reboot)\n');

  assert.not.match(await mendOf(world), 'reboot');
});

mending('is to install git where there is none', async ({ world }) => {
  await begin(world);
  const without: LedgerWorld = {
    ...world,
    run: async (file, ...rest) =>
      file === 'git'
        ? Promise.reject(new BanspoolError('command-missing', 'git is not installed'))
        : world.run(file, ...rest),
  };

  assert.is(await mendOfGit(without, new Ledger(without)), 'apt install git');
});

mending('is to bring the repository back where a person moved it elsewhere', async ({ folder, world }) => {
  await begin(world);
  const apart = join(folder, 'apart');
  git(world, 'init', '--quiet', `--separate-git-dir=${apart}`);
  rmSync(apart, { recursive: true });

  assert.match(await mendOf(world), `restore ${apart}, or mount it`);
});

/** The file of a loose object, made so that it can be written to. */
function objectOf(world: LedgerWorld, object: string): string {
  const path = join(world.config.state, '.git/objects', object.slice(0, 2), object.slice(2));
  rmSync(path);
  return path;
}

mending.run();
